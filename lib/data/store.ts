import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { Prisma, PrismaClient } from "./generated/client.ts";

/** The database as the rest of lib knows it: everything, or inside a transaction. */
export type Db = PrismaClient;
export type Tx = Prisma.TransactionClient;

/** A database with its connection pool. `pool` serves the room log and other hot paths that speak SQL. */
export type Store = { readonly db: Db; readonly pool: pg.Pool; close(): Promise<void> };

/** Opens a store on a PostgreSQL address; connects lazily. `poolMax` bounds the connections of this process. */
export function openStore(databaseUrl: string, poolMax = 10): Store {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: poolMax,
    connectionTimeoutMillis: 10_000,
    // A process that stands still in the middle of a transaction must not keep everyone else from its rows.
    idle_in_transaction_session_timeout: 20_000,
  });
  // An idle connection that the server drops must not end the process; the next query reports the outage.
  pool.on("error", () => {});
  const db = new PrismaClient({ adapter: new PrismaPg(pool) });
  return {
    db,
    pool,
    async close() {
      await db.$disconnect();
      if (!pool.ended) await pool.end();
    },
  };
}

const holder = globalThis as typeof globalThis & { concordatStore?: Store };

/**
 * The store of this process. It hangs on `globalThis` because the web build is a second module graph beside the server.
 *
 * @throws {Error} when nobody called `shareStore` yet; a caller's bug.
 */
export function sharedStore(): Store {
  if (!holder.concordatStore) throw new Error("The store is not open yet.");
  return holder.concordatStore;
}

/** Makes a store the one of this process. */
export function shareStore(store: Store): void {
  holder.concordatStore = store;
}

/** Runs `work` in one transaction (read committed, 15 s at most); what it throws rolls everything back. */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.$transaction(work, { maxWait: 10_000, timeout: 15_000 });
}

/** Whether an error is the database refusing a second row under a unique index. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}
