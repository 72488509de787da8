import type { Context } from "#lib/data/context.ts";
import { addMember } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Accepts or declines an invitation that was sent to the person's own address. Once.
 *
 * @throws {Refusal} not-signed-in; not-found for invitations of others; expired when answered, taken back or run out.
 */
export async function answerMemberInvitation(
  ctx: Context,
  invitationId: string,
  answer: "accepted" | "declined",
): Promise<{ organizationId: string }> {
  const person = requirePerson(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const invitation = await tx.membershipInvitation.findUnique({ where: { id: invitationId } });
    if (invitation?.kind !== "invitation" || invitation.email !== person.email) {
      throw new Refusal("not-found", "There is no such invitation.");
    }
    const answered = await tx.membershipInvitation.updateMany({
      where: { id: invitationId, answeredAt: null, expiresAt: { gt: ctx.now } },
      data: { answeredAt: ctx.now, answer },
    });
    if (answered.count === 0) throw new Refusal("expired", "This invitation was answered, taken back or has run out.");
    const { organizationId, roles } = invitation;
    if (answer === "accepted") {
      await addMember(tx, { organizationId, userId: person.userId, roles, now: ctx.now });
      await tx.user.update({ where: { id: person.userId }, data: { currentOrganizationId: organizationId } });
      await announceRightsChange(tx, { userId: person.userId });
    }
    return { organizationId };
  });
}
