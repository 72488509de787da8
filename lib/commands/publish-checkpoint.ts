import type { Db } from "#lib/data/store.ts";

/**
 * Publishes a head of the log that the signer has signed. Safe to retry: Ed25519 gives the same note for the same head.
 *
 * @throws {Error} when another note of that size is published already; two different logs would have been signed.
 */
export async function publishCheckpoint(
  db: Db,
  head: { readonly size: number; readonly root: Uint8Array; readonly note: string },
): Promise<void> {
  const size = BigInt(head.size);
  const row = { size, root: Uint8Array.from(head.root), note: head.note };
  await db.checkpoint.createMany({ data: [row], skipDuplicates: true });
  const published = await db.checkpoint.findUniqueOrThrow({ where: { size }, select: { note: true } });
  if (published.note !== head.note) throw new Error(`Another checkpoint of size ${head.size} is published already.`);
}
