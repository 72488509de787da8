import type { Db } from "#lib/data/store.ts";

/** What became of a write whose connection broke: it never happened, or it did and nobody was told. */
export type Lost = "the write is lost" | "the answer is lost";
export const bothLosses: readonly Lost[] = ["the write is lost", "the answer is lost"];

/** The error of a connection that broke; no rule of ours. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";
}

/** A database whose next transaction loses its connection at the commit: before it, or right after. Later ones go through. */
export function losingTransaction(db: Db, lost: Lost): Db {
  let isLost = false;
  return new Proxy(db, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (key !== "$transaction" || isLost) return typeof member === "function" ? member.bind(target) : member;
      isLost = true;
      return async (work: (tx: unknown) => Promise<unknown>, options: object) => {
        const run = target.$transaction.bind(target);
        if (lost === "the answer is lost") await run(work, options);
        else
          await run(async (tx) => {
            await work(tx);
            throw new ConnectionLost("The connection broke before the commit.");
          }, options);
        throw new ConnectionLost("The connection broke after the commit.");
      };
    },
  });
}

/** A database whose next call of a method of a table loses its connection. */
export function losingCall(db: Db, table: "checkpoint", method: "createMany", lost: Lost): Db {
  let isLost = false;
  return new Proxy(db, {
    get(target, key) {
      const member: unknown = Reflect.get(target, key);
      if (key !== table || isLost) return typeof member === "function" ? member.bind(target) : member;
      const model = target[table];
      return new Proxy(model, {
        get(inner, name) {
          const call: unknown = Reflect.get(inner, name);
          if (name !== method || isLost || typeof call !== "function") return call;
          return async (...args: unknown[]) => {
            isLost = true;
            if (lost === "the answer is lost") await call.apply(inner, args);
            throw new ConnectionLost("The connection broke.");
          };
        },
      });
    },
  });
}
