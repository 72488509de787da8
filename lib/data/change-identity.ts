import type { Identity } from "#lib/domain/organization-identity.ts";
import { nameSkeleton } from "#lib/domain/organization-name.ts";
import { bumpRevisions } from "./public-revision.ts";
import { type lockRenamed, publishRename } from "./rename-acts.ts";
import type { Db, Tx } from "./store.ts";

/**
 * Whether what an organization is called, and where and what it is, has ever been relied upon: it was verified in one of the
 * two ways, signed, sealed or not, or stands in public. From then on only the operator changes it, on evidence. A domain
 * that lapsed or was taken off the list counts as well: else a name could be exchanged while nobody vouches for it, and the
 * same domain confirmed again under the new one.
 */
export async function isIdentitySettled(tx: Db | Tx, organizationId: string): Promise<boolean> {
  const settled = await tx.organization.count({
    where: {
      id: organizationId,
      OR: [
        { slug: { not: null } },
        { signatures: { some: {} } },
        { reviews: { some: { outcome: "verified" } } },
        { domains: { some: { confirmedAt: { not: null } } } },
      ],
    },
  });
  return settled > 0;
}

/**
 * Gives an organization its new names, country and class. A new name closes the former one with its date; what was signed
 * keeps the name it was signed under, and every charter it signed gets a numbered notification. The caller has asked whether
 * it may, and holds no row of the organization yet: the charters come first.
 */
export async function changeIdentity(
  tx: Tx,
  change: {
    readonly organizationId: string;
    readonly to: Identity;
    readonly signatures: Awaited<ReturnType<typeof lockRenamed>>;
    readonly userId: string;
    readonly now: Date;
  },
): Promise<void> {
  const { organizationId, to, signatures, userId, now } = change;
  const former = await tx.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: { legalName: true, displayName: true },
  });
  const { legalName, displayName } = to;
  const isRenamed = former.legalName !== legalName || former.displayName !== displayName;
  if (isRenamed) {
    await tx.organizationName.updateMany({ where: { organizationId, to: null }, data: { to: now } });
    await tx.organizationName.create({ data: { organizationId, legalName, displayName, from: now } });
  }
  await tx.organization.update({
    where: { id: organizationId },
    data: { legalName, displayName, country: to.country, class: to.class, nameSkeleton: nameSkeleton(legalName) },
  });
  if (isRenamed) await publishRename(tx, { organizationId, formerName: former.legalName, signatures, userId, now });
}

/** Makes new what the public reads of an organization, if it stands in public. */
export async function bumpProfile(tx: Tx, organizationId: string): Promise<void> {
  const { slug } = await tx.organization.findUniqueOrThrow({ where: { id: organizationId }, select: { slug: true } });
  if (!slug) return;
  await bumpRevisions(tx, [
    "directory",
    `organization:${organizationId}`,
    ...(await chartersThatName(tx, organizationId)).map((id) => `charter:${id}` as const),
  ]);
}

/** The public charters on whose pages the organization stands, as convenor, as depositary or on a list. */
async function chartersThatName(tx: Tx, organizationId: string): Promise<string[]> {
  const charters = await tx.charter.findMany({
    where: {
      visibility: "PUBLIC",
      OR: [
        { convenorOrganizationId: organizationId },
        { depositaryOrganizationId: organizationId },
        { acts: { some: { organizationId, publication: { isNot: null } } } },
      ],
    },
    select: { id: true },
  });
  return charters.map((one) => one.id);
}
