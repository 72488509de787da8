import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";
import { type OwnTransaction, ownTransaction } from "./own-transaction.ts";

/**
 * Prisma's client on a pool, whose questions in SQL of our own go straight to the database: through Prisma each takes a millisecond of
 * this process, straight a tenth of it, and many are asked while somebody waits for a lock. Transactions are begun and ended by us;
 * Prisma comes into one with the first question that it is asked there about tables by name, over the same connection, in order with ours.
 *
 * Values come as Prisma gives them: `bigint` for int8, `Date` for timestamptz, `Uint8Array` for bytea. What the database refuses is
 * thrown as its own error, with PostgreSQL's code.
 */
export function openClient(pool: pg.Pool): PrismaClient {
  const lent = new AsyncLocalStorage<OwnTransaction>();
  const client = new PrismaClient({ adapter: new PrismaPg(lendingOf(pool, lent)) });
  const begin = (work: unknown, options?: { readonly timeout?: number }) => {
    if (!isWork(work)) return Reflect.apply(client.$transaction, client, [work, options]);
    const run = async (transaction: OwnTransaction) => {
      const prisma = new PrismaInside(client, (start) => lent.run(transaction, start));
      try {
        return await work(askingOver(client, transaction, prisma));
      } finally {
        await prisma.end();
      }
    };
    return ownTransaction(pool, run, options?.timeout ?? transactionMaxMs);
  };
  const members: Members = { ...straight((question) => pool.query(question)), $transaction: begin };
  return new Proxy(client, { get: (target, key) => members[key] ?? Reflect.get(target, key) });
}

const transactionMaxMs = 5000;

type Members = Readonly<Record<string | symbol, unknown>>;
type Work = (tx: Prisma.TransactionClient) => Promise<unknown>;

function isWork(work: unknown): work is Work {
  return typeof work === "function";
}

/** A transaction that asks its own SQL straight, and everything else through Prisma. */
function askingOver(client: PrismaClient, transaction: OwnTransaction, prisma: PrismaInside): Prisma.TransactionClient {
  const members: Members = straight((question) => transaction.ask({ ...question, ...named(question.text) }));
  return new Proxy(client, {
    get(target, key) {
      if (members[key] !== undefined) return members[key];
      const member: unknown = Reflect.get(target, key);
      // What is no table and not asked by us would be asked outside of the transaction.
      return typeof member === "object" && member !== null ? prisma.table(key, member) : undefined;
    },
  });
}

/** Prisma in the middle of a transaction of ours: it believes that it began one of its own. */
class PrismaInside {
  readonly #client: PrismaClient;
  readonly #over: (start: () => Promise<void>) => Promise<void>;
  #tx: Promise<Prisma.TransactionClient> | undefined;
  #running: Promise<void> | undefined;
  #end = () => {};
  /** Begun now, it would never be ended. */
  #isOver = false;

  /** `over` lets the connection of the transaction be the one that Prisma takes during `start`. */
  constructor(client: PrismaClient, over: (start: () => Promise<void>) => Promise<void>) {
    this.#client = client;
    this.#over = over;
  }

  /** A table, whose methods wait until Prisma has begun. */
  table(name: string | symbol, table: object): object {
    return new Proxy(table, {
      get: (target, method) => {
        const member: unknown = Reflect.get(target, method);
        if (typeof member !== "function") return member;
        return async (...args: unknown[]) => {
          if (this.#isOver) throw new Error("The transaction is over; it takes no further questions.");
          this.#tx ??= this.#begin();
          const tx = await this.#tx;
          const inside: object = Reflect.get(tx, name);
          return Reflect.apply(Reflect.get(inside, method), inside, args);
        };
      },
    });
  }

  /** Lets Prisma forget the transaction; whether it is committed is said by us. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#end();
    await this.#running?.catch(() => {});
  }

  #begin(): Promise<Prisma.TransactionClient> {
    const ended = new Promise<void>((resolve) => {
      this.#end = resolve;
    });
    return new Promise((resolve, reject) => {
      const hand = (tx: Prisma.TransactionClient) => {
        resolve(tx);
        return ended;
      };
      // We say when it took too long.
      this.#running = this.#over(() => this.#client.$transaction(hand, { timeout: foreverMs }));
      this.#running.catch(reject);
    });
  }
}

/** The longest that a timer takes. */
const foreverMs = 2 ** 31 - 1;

type Question = { readonly text: string; readonly values: unknown[]; readonly types: pg.CustomTypesConfig };
type Ask = (question: Question) => Promise<pg.QueryResult>;

/** Prisma's three ways to ask in SQL that this program uses. */
function straight(ask: Ask) {
  type Words = TemplateStringsArray | Prisma.Sql;
  const asked = (words: Words, values: unknown[]) => {
    const sql = "raw" in words ? Prisma.sql(words, ...values) : words;
    return ask({ text: sql.text, values: sql.values.map(sentAs), types });
  };
  return {
    $queryRaw: async (words: Words, ...values: unknown[]) => (await asked(words, values)).rows,
    $executeRaw: async (words: Words, ...values: unknown[]) => (await asked(words, values)).rowCount ?? 0,
    $queryRawUnsafe: async (text: string, ...values: unknown[]) =>
      (await ask({ text, values: values.map(sentAs), types })).rows,
  };
}

/** An instant goes in UTC, in whatever zone this process lives. */
function sentAs(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

/** As Prisma reads them; the rest is read alike by both. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => parsers.get(oid) ?? pg.types.getTypeParser(oid, format),
};
const readBytes: (text: string) => Uint8Array = pg.types.getTypeParser(pg.types.builtins.BYTEA);
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.INT8, BigInt],
  [pg.types.builtins.BYTEA, (text) => new Uint8Array(readBytes(text))],
]);

/** The pool, which gives a transaction that Prisma begins the connection of ours that it stands in. */
function lendingOf(pool: pg.Pool, lent: AsyncLocalStorage<OwnTransaction>): pg.Pool {
  const connect = async () => lent.getStore()?.lend() ?? pool.connect();
  return new Proxy(pool, {
    // Single questions take their connection with a callback; only a transaction that begins waits for one.
    get: (target, key) =>
      key === "connect"
        ? (answer?: Parameters<pg.Pool["connect"]>[0]) => (answer ? target.connect(answer) : connect())
        : Reflect.get(target, key),
  });
}

/**
 * The database keeps the plan of a question that has a name, by connection. Those whose length varies are many: beyond a bound they
 * go without one.
 */
function named(text: string): { readonly name?: string } {
  const known = names.get(text);
  if (known !== undefined) return { name: known };
  if (names.size >= namesMax) return {};
  const name = `concordat-${names.size + 1}`;
  names.set(text, name);
  return { name };
}
const names = new Map<string, string>();
const namesMax = 200;
