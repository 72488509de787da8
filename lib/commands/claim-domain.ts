import { parseClaimableDomain } from "#lib/data/claimable-domain.ts";
import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** Domains an organization may have on its list at once. */
const claimsMax = 5;

/**
 * Puts a domain on the organization's list, to be confirmed by its TXT record. Putting it there again changes nothing.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, too-many.
 */
export async function claimDomain(ctx: Context, organizationId: string, text: string): Promise<{ claimId: string }> {
  requireForOrganization(ctx.actor, "check-domain", organizationId);
  const domain = parseClaimableDomain(text);
  const claims = await ctx.db.domainClaim.findMany({
    where: { organizationId, releasedAt: null },
    select: { id: true, domain: true },
  });
  const held = claims.find((one) => one.domain === domain);
  if (held) return { claimId: held.id };
  if (claims.length >= claimsMax)
    throw new Refusal("too-many", "Five domains are enough. Take one off the list first.");
  const claim = await ctx.db.domainClaim.create({
    data: { organizationId, domain, requestedAt: ctx.now },
    select: { id: true },
  });
  return { claimId: claim.id };
}
