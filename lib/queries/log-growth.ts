import type { Db } from "#lib/data/store.ts";

/** The number of entries that are committed. */
export async function readLogHead(db: Db): Promise<number> {
  const head = await db.logHead.findUniqueOrThrow({ where: { id: 1 }, select: { size: true } });
  return Number(head.size);
}

/** One entry as the signer checks it: `storedLeaf` is what the database says its leaf hash is. Indexes count from 0. */
export type AppendedEntry = { readonly index: number; readonly entry: Uint8Array; readonly storedLeaf: Uint8Array };

/** The entries from index `from` up to, not including, `size`, in order. */
export async function appendedSince(db: Db, from: number, size: number): Promise<AppendedEntry[]> {
  if (from >= size) return [];
  const rows = await db.logEntry.findMany({
    where: { index: { gte: BigInt(from), lt: BigInt(size) } },
    orderBy: { index: "asc" },
    select: { index: true, entry: true, leafHash: true },
  });
  return rows.map((row) => ({ index: Number(row.index), entry: row.entry, storedLeaf: row.leafHash }));
}
