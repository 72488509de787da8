import { AsyncLocalStorage } from "node:async_hooks";
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";

/**
 * Prisma's client on a pool, whose questions in SQL of our own go straight to the database: through Prisma each takes a millisecond of
 * this process, straight a tenth of it, and many are asked while somebody waits for a lock. Inside a transaction they go over its
 * connection, in order with what Prisma asks there of tables by name.
 *
 * Values come as Prisma gives them: `bigint` for int8, `Date` for timestamptz, `Uint8Array` for bytea. What the database refuses is
 * thrown as its own error, with PostgreSQL's code.
 */
export function openClient(pool: pg.Pool): PrismaClient {
  const begun = new AsyncLocalStorage<TransactionConnection>();
  const client = new PrismaClient({ adapter: new PrismaPg(tellingOf(pool, begun)) });
  const begin = (work: unknown, options: object) => {
    if (!isWork(work)) return Reflect.apply(client.$transaction, client, [work, options]);
    const connection = new TransactionConnection();
    return begun.run(connection, () => client.$transaction((tx) => work(askingOver(tx, connection)), options));
  };
  const members: Members = { ...straight((question) => pool.query(question)), $transaction: begin };
  return new Proxy(client, { get: (target, key) => members[key] ?? Reflect.get(target, key) });
}

type Members = Readonly<Record<string | symbol, unknown>>;
type Work = (tx: Prisma.TransactionClient) => Promise<unknown>;

function isWork(work: unknown): work is Work {
  return typeof work === "function";
}

/** A transaction that asks its own SQL straight, and everything else as it did. */
function askingOver(tx: Prisma.TransactionClient, connection: TransactionConnection): Prisma.TransactionClient {
  const members: Members = straight((question) => connection.ask({ ...question, ...named(question.text) }));
  return new Proxy(tx, { get: (target, key) => members[key] ?? Reflect.get(target, key) });
}

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

/** The connection of one transaction, from its begin to its end. */
class TransactionConnection {
  #client: pg.PoolClient | undefined;
  #isOver = false;
  #failure: unknown;

  get isKnown(): boolean {
    return this.#client !== undefined;
  }

  /** The connection as Prisma gets it; it is Prisma that begins and ends. */
  take(client: pg.PoolClient): pg.PoolClient {
    this.#client = client;
    const query = (...asked: readonly unknown[]) => {
      const [question] = asked;
      const text = typeof question === "object" && question !== null && "text" in question ? question.text : question;
      // What is asked from here on would come behind the end, and count for itself.
      if (text === "COMMIT" || text === "ROLLBACK") this.#isOver = true;
      return Reflect.apply(client.query, client, asked);
    };
    return new Proxy(client, {
      get(target, key) {
        if (key === "query") return query;
        const member: unknown = Reflect.get(target, key);
        return typeof member === "function" ? member.bind(target) : member;
      },
    });
  }

  /** @throws {Error} when the transaction is over, by its commit or because it took too long. */
  async ask(question: Question & { readonly name?: string }): Promise<pg.QueryResult> {
    if (!this.#client)
      throw new Error("Prisma began a transaction on a connection that it did not take from the pool.");
    if (this.#isOver) throw new Error("The transaction is over; it takes no further questions.");
    const { stream } = this.#client.connection;
    // What is asked in one go leaves in one write.
    stream.cork();
    process.nextTick(() => stream.uncork());
    return this.#client.query(question).catch((error: unknown) => {
      // Whatever is asked behind a question that failed fails because of that one, and says so.
      this.#failure ??= error;
      throw this.#failure;
    });
  }
}

/** The pool, which tells a transaction that begins what connection it got. */
function tellingOf(pool: pg.Pool, begun: AsyncLocalStorage<TransactionConnection>): pg.Pool {
  const connect = async () => {
    const client = await pool.connect();
    const connection = begun.getStore();
    return connection && !connection.isKnown ? connection.take(client) : client;
  };
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
