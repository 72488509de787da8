import type { Tx } from "./store.ts";

/** A sealed signature, in the order in which they were given. */
export type Sealed = { readonly id: string; readonly signActId: string };

/** The sealed signatures of a version. The caller holds the version's row for update, so that none is added meanwhile. */
export async function listSealed(tx: Tx, versionId: string): Promise<Sealed[]> {
  return tx.signature.findMany({
    where: { versionId, status: "SEALED" },
    orderBy: [{ signedAt: "asc" }, { id: "asc" }],
    select: { id: true, signActId: true },
  });
}

/** Returns sealed signatures to their organizations: they count for nothing, and nothing of them ever becomes public. */
export async function returnSealed(tx: Tx, sealed: readonly Sealed[]): Promise<void> {
  await tx.signature.updateMany({
    where: { id: { in: sealed.map((one) => one.id) }, status: "SEALED" },
    data: { status: "RETURNED" },
  });
}
