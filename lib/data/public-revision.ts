import type { Tx } from "./store.ts";

/** What page caches compare: everything, one charter, one organization. */
export type PublicScope = "directory" | `charter:${string}` | `organization:${string}`;

/** Bumps the revisions of scopes in the transaction that changes what is public; pages made before it are stale at its commit. */
export async function bumpRevisions(tx: Tx, scopes: readonly PublicScope[]): Promise<void> {
  // Always in the same order, so that two transactions never wait for each other.
  for (const scope of [...new Set(scopes)].sort()) {
    await tx.publicRevision.upsert({
      where: { scope },
      create: { scope, revision: 1n },
      update: { revision: { increment: 1n } },
    });
  }
}
