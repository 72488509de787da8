import type { Db } from "#lib/data/store.ts";

/** How long a statement that was prepared is kept: long enough to answer a retry, since it holds an officer's name. */
const keptMs = 24 * 3_600_000;

/** Forgets statements that were prepared a day ago, lodged or not; what was lodged stands in its act. Gives back how many. */
export async function forgetPrepared(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptMs);
  const { count } = await db.preparedStatement.deleteMany({ where: { expiresAt: { lt: before } } });
  return count;
}
