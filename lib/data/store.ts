import pg from "pg";
import type { Prisma, PrismaClient } from "./generated/client.ts";
import { NotBegun } from "./own-transaction.ts";
import { openClient } from "./straight-sql.ts";

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
    // Questions that are asked at once go out at once; a connection answers them in the order in which they were asked.
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    // A process that stands still in the middle of a transaction must not keep everyone else from its rows.
    idle_in_transaction_session_timeout: 20_000,
  });
  // An idle connection that the server drops must not end the process; the next query reports the outage.
  pool.on("error", () => {});
  const db = openClient(pool);
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

/** How often a transaction that the database gave up for another one is begun. */
const attemptsMax = 3;

/**
 * Runs `work` in one transaction (read committed, 15 s at most unless `timeoutMs` says more); what it throws rolls everything back. When two transactions
 * wait for each other PostgreSQL ends one of them: `work` then runs once more from the beginning, on what the other left. One that
 * got no connection is begun again as well.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>, timeoutMs = 15_000): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.$transaction(work, { timeout: timeoutMs });
    } catch (error) {
      if (attempt === attemptsMax || !(isDeadlock(error) || error instanceof NotBegun)) throw error;
    }
  }
}

/** Whether the database ended a transaction because it and another waited for each other (40P01), or could not be put in a row (40001). */
function isDeadlock(error: unknown): boolean {
  return ["P2034", "40P01", "40001"].includes(codeOf(error));
}

/** Whether an error is the database refusing a second row under a unique index. */
export function isUniqueViolation(error: unknown): boolean {
  return ["P2002", "23505"].includes(codeOf(error));
}

/** Prisma's code for what was asked through it, PostgreSQL's for SQL of our own. */
function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
