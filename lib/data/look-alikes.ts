import { looksAlike, nameSkeleton } from "#lib/domain/organization-name.ts";
import type { Db, Tx } from "./store.ts";

/** An organization whose name readers could mistake for another. */
export type LookAlike = {
  readonly id: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
};

/**
 * Organizations that look like these names, the oldest first, but not the one named. `before` leaves out those that came later,
 * unless they stand in public: whoever was there first must not take what readers know as the name of another. Reads all
 * names: it is asked when an organization is made, renamed or verified, not when pages are read.
 */
export async function findLookAlikes(
  tx: Db | Tx,
  names: { legalName: string; displayName: string },
  but?: { organizationId: string; before?: Date },
): Promise<LookAlike[]> {
  const wanted = [nameSkeleton(names.legalName), nameSkeleton(names.displayName)];
  const rows = await tx.organization.findMany({
    where: {
      ...(but ? { id: { not: but.organizationId } } : {}),
      ...(but?.before ? { OR: [{ createdAt: { lte: but.before } }, { slug: { not: null } }] } : {}),
    },
    orderBy: { createdAt: "asc" },
    select: { id: true, legalName: true, displayName: true, country: true, nameSkeleton: true },
  });
  return rows
    .filter((row) =>
      [row.nameSkeleton, nameSkeleton(row.displayName)].some((one) => wanted.some((name) => looksAlike(one, name))),
    )
    .slice(0, 10)
    .map(({ id, legalName, displayName, country }) => ({ id, legalName, displayName, country }));
}
