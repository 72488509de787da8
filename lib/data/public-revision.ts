import { Prisma } from "./generated/client.ts";
import type { Tx } from "./store.ts";

/** What page caches compare: everything, one charter, one organization. */
export type PublicScope = "directory" | `charter:${string}` | `organization:${string}`;

/** Bumps the revisions of scopes in the transaction that changes what is public; pages made before it are stale at its commit. */
export async function bumpRevisions(tx: Tx, scopes: readonly PublicScope[]): Promise<void> {
  await tx.$executeRaw(revisionsOf(scopes));
}

/** The same as a statement, to be asked together with others. */
export function revisionsOf(scopes: readonly PublicScope[]): Prisma.Sql {
  // Always in the same order, so that two transactions never wait for each other.
  const ordered = [...new Set(scopes)].sort();
  return Prisma.sql`
    INSERT INTO public_revision (scope, revision) SELECT scope, 1 FROM unnest(${ordered}::text[]) AS scope
    ON CONFLICT (scope) DO UPDATE SET revision = public_revision.revision + 1`;
}
