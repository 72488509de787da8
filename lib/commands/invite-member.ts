import type { Context } from "#lib/data/context.ts";
import { memberInvitationTtlMs } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn, type OrganizationRole } from "#lib/domain/actor.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** Open invitations an organization may have at once. */
const openMax = 50;

/**
 * Invites somebody by mail to act for the organization. A second invitation to the same address replaces the first.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict, too-many.
 */
export async function inviteMember(
  ctx: Context,
  organizationId: string,
  input: { email: string; roles: readonly OrganizationRole[] },
): Promise<{ invitationId: string }> {
  const person = requireForOrganization(ctx.actor, "manage-people", organizationId);
  const email = parseMailAddress(input.email);
  if (input.roles.length === 0) throw new Refusal("malformed", "Choose at least one role.");
  const name = membershipIn(person, organizationId)?.displayName ?? "";
  return transaction(ctx.db, async (tx) => {
    const held = await tx.membership.findFirst({
      where: { organizationId, endedAt: null, user: { email } },
      select: { id: true },
    });
    if (held)
      throw new Refusal("conflict", "This person acts for the organization already. Change the roles in the list.");
    await tx.membershipInvitation.updateMany({
      where: { organizationId, email, kind: "invitation", answeredAt: null },
      data: { answeredAt: ctx.now, answer: "revoked" },
    });
    const open = await tx.membershipInvitation.count({
      where: { organizationId, kind: "invitation", answeredAt: null, expiresAt: { gt: ctx.now } },
    });
    if (open >= openMax) throw new Refusal("too-many", "There are many unanswered invitations. Take some back first.");
    const invitation = await tx.membershipInvitation.create({
      data: {
        organizationId,
        email,
        roles: [...new Set(input.roles)],
        kind: "invitation",
        invitedBy: person.userId,
        createdAt: ctx.now,
        expiresAt: new Date(ctx.now.getTime() + memberInvitationTtlMs),
      },
      select: { id: true },
    });
    await enqueueMail(tx, {
      kind: "member-invitation",
      to: email,
      content: {
        subject: `${name} invites you to act for it`,
        from: `${person.name} of ${name} asks you to act for this organization on Concordat, as ${rolesInWords(input.roles)}.`,
        paragraphs: ["Sign in with this address to see the invitation, and accept or decline it there."],
        action: { label: "See the invitation", path: `/invitations/${invitation.id}` },
        closing: "The invitation counts for fourteen days. If you do not know the sender, do nothing.",
      },
    });
    return { invitationId: invitation.id };
  });
}

/** Roles as they are read: "admin, signing officer". */
export function rolesInWords(roles: readonly string[]): string {
  return roles.map((role) => role.replace("-", " ")).join(", ");
}
