import { eraseTraces } from "#lib/data/erasure.ts";
import { erasureHash, readErasures } from "#lib/data/erasure-list.ts";
import { revokeKeysOf } from "#lib/data/signing-keys.ts";
import { type Db, transaction } from "#lib/data/store.ts";

/**
 * Erases everybody on the list of erasures whom a restored backup has brought back. Done at every start, before anybody can
 * look. Gives back how many.
 *
 * @throws {Error} when the list can not be read.
 */
export async function repeatErasures(db: Db, file: string, now: Date): Promise<number> {
  const list = await readErasures(file);
  if (list.size === 0) return 0;
  const people = await db.user.findMany({ where: { erasedAt: null }, select: { id: true, email: true, name: true } });
  const back = people.filter(({ id }) => list.has(erasureHash(id)));
  for (const { id, email, name } of back) {
    await transaction(db, async (tx) => {
      await eraseTraces(tx, { userId: id, email, name }, now);
      await revokeKeysOf(tx, id, now);
    });
  }
  return back.length;
}
