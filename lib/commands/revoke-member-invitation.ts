import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Takes an unanswered invitation back.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, expired.
 */
export async function revokeMemberInvitation(
  ctx: Context,
  organizationId: string,
  invitationId: string,
): Promise<void> {
  requireForOrganization(ctx.actor, "manage-people", organizationId);
  const revoked = await ctx.db.membershipInvitation.updateMany({
    where: { id: invitationId, organizationId, kind: "invitation", answeredAt: null },
    data: { answeredAt: ctx.now, answer: "revoked" },
  });
  if (revoked.count === 0) throw new Refusal("expired", "This invitation was answered or taken back already.");
}
