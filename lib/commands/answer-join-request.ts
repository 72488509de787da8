import type { Context } from "#lib/data/context.ts";
import { addMember } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn, type OrganizationRole } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Lets somebody who asked act for the organization with these roles, or, with none, declines.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, expired.
 */
export async function answerJoinRequest(
  ctx: Context,
  organizationId: string,
  requestId: string,
  roles: readonly OrganizationRole[],
): Promise<void> {
  const admin = requireForOrganization(ctx.actor, "manage-people", organizationId);
  const name = membershipIn(admin, organizationId)?.displayName ?? "";
  await transaction(ctx.db, async (tx) => {
    const request = await tx.membershipInvitation.findFirst({
      where: { id: requestId, organizationId, kind: "request" },
      select: { requestedBy: true, email: true },
    });
    const userId = request?.requestedBy;
    if (!request || !userId) throw new Refusal("not-found", "There is no such request.");
    const answered = await tx.membershipInvitation.updateMany({
      where: { id: requestId, answeredAt: null, expiresAt: { gt: ctx.now } },
      data: { answeredAt: ctx.now, answer: roles.length > 0 ? "accepted" : "declined" },
    });
    if (answered.count === 0) throw new Refusal("expired", "This request was answered or has run out.");
    if (roles.length > 0) {
      await addMember(tx, { organizationId, userId, roles, now: ctx.now });
      await announceRightsChange(tx, { userId });
    }
    await enqueueMail(tx, {
      kind: "join-answer",
      to: request.email,
      content: {
        subject: roles.length > 0 ? `You can now act for ${name}` : `${name} did not take up your request`,
        from: `${admin.name} of ${name} answered your request.`,
        paragraphs: [
          roles.length > 0
            ? "Sign in to go on where you were."
            : "You cannot act for this organization. If that is a mistake, write to somebody you know there.",
        ],
        action: { label: "Open Concordat", path: "/home" },
      },
    });
  });
}
