import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Takes a domain off the organization's list. What was signed while it was confirmed stands.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted.
 */
export async function releaseDomain(ctx: Context, organizationId: string, claimId: string): Promise<void> {
  requireForOrganization(ctx.actor, "check-domain", organizationId);
  const released = await ctx.db.domainClaim.updateMany({
    where: { id: claimId, organizationId, releasedAt: null },
    data: { releasedAt: ctx.now },
  });
  if (released.count === 0) throw new Refusal("not-found", "There is no such domain on the list.");
}
