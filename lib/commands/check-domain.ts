import type { Context } from "#lib/data/context.ts";
import { recordDomainCheck } from "#lib/data/domain-check.ts";
import { type DomainAnswer, type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";
import { findLookAlikes } from "#lib/data/look-alikes.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** A claim is asked about at most this often, by whoever presses the button. */
const pauseMs = 5000;

/**
 * Looks at the TXT record of a claimed domain, or at the file on its site, now, and writes down what was found.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, too-many, conflict (the name looks like that of an older
 * organization, so that the operator has to look at evidence first).
 */
export async function checkDomain(
  ctx: Context,
  organizationId: string,
  claimId: string,
  doors: DomainDoors = domainDoors(ctx.site),
): Promise<DomainAnswer> {
  requireForOrganization(ctx.actor, "check-domain", organizationId);
  const claim = await ctx.db.domainClaim.findFirst({
    where: { id: claimId, organizationId, releasedAt: null },
    select: { id: true, domain: true, organizationId: true, confirmedAt: true, lastCheckedAt: true },
  });
  if (!claim) throw new Refusal("not-found", "There is no such domain on the list.");
  if (claim.lastCheckedAt && ctx.now.getTime() - claim.lastCheckedAt.getTime() < pauseMs) {
    throw new Refusal("too-many", "It was looked at just now. Wait some seconds.");
  }
  await requireDistinctName(ctx, organizationId);
  return recordDomainCheck(ctx, claim, doors);
}

async function requireDistinctName(ctx: Context, organizationId: string): Promise<void> {
  const organization = await ctx.db.organization.findUniqueOrThrow({
    where: { id: organizationId },
    select: {
      legalName: true,
      displayName: true,
      createdAt: true,
      reviews: { where: { outcome: "verified" }, select: { id: true }, take: 1 },
    },
  });
  if (organization.reviews.length > 0) return;
  const alike = await findLookAlikes(ctx.db, organization, { organizationId, before: organization.createdAt });
  if (!alike[0]) return;
  throw new Refusal(
    "conflict",
    `The name looks like that of “${alike[0].displayName}”, so the operator has to see evidence before a domain can be confirmed. Ask for a review below.`,
  );
}
