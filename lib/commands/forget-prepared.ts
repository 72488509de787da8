import type { Db } from "#lib/data/store.ts";

/** How long a statement that was prepared is kept: long enough to answer a retry, since it holds an officer's name. */
const keptMs = 24 * 3_600_000;

/**
 * Forgets statements that were prepared a day ago, lodged or not; what was lodged stands in its act. With them go statements about
 * keys, and scans that nobody recorded. Gives back how many statements to lodge there were.
 */
export async function forgetPrepared(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - keptMs);
  const { count } = await db.preparedStatement.deleteMany({ where: { expiresAt: { lt: before } } });
  await db.keyStatement.deleteMany({ where: { expiresAt: { lt: before } } });
  await db.instrument.deleteMany({ where: { actId: null, uploadedAt: { lt: before } } });
  return count;
}
