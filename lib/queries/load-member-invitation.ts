import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/** An invitation to act for an organization, as the invited person reads it. */
export type MemberInvitationView = {
  readonly id: string;
  readonly organizationName: string;
  readonly legalName: string;
  readonly invitedBy: string;
  readonly roles: readonly string[];
  readonly expiresAt: Date;
  readonly state: "open" | "accepted" | "declined" | "revoked" | "run-out";
};

/**
 * One invitation that was sent to the person's own address. Reading it changes nothing.
 *
 * @throws {Refusal} not-signed-in; not-found for invitations of others.
 */
export async function loadMemberInvitation(ctx: Context, invitationId: string): Promise<MemberInvitationView> {
  const person = requirePerson(ctx.actor);
  const row = await ctx.db.membershipInvitation.findFirst({
    where: { id: invitationId, kind: "invitation", email: person.email },
    include: { organization: { select: { displayName: true, legalName: true } } },
  });
  if (!row) throw new Refusal("not-found", "There is no such invitation.");
  const inviter = row.invitedBy
    ? await ctx.db.user.findUnique({ where: { id: row.invitedBy }, select: { name: true } })
    : null;
  const answer = ["accepted", "declined", "revoked"].find((one) => one === row.answer);
  return {
    id: row.id,
    organizationName: row.organization.displayName,
    legalName: row.organization.legalName,
    invitedBy: inviter?.name ?? "An admin",
    roles: row.roles,
    expiresAt: row.expiresAt,
    // The three answers are the only ones that are ever written.
    state:
      (answer as "accepted" | "declined" | "revoked" | undefined) ?? (row.expiresAt <= ctx.now ? "run-out" : "open"),
  };
}
