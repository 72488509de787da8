import type { Context } from "#lib/data/context.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization, requirePerson } from "#lib/domain/rights.ts";

/** The answer to an invitation to the table; `organizationId` says for whom it is accepted. */
export type InvitationAnswer =
  | { readonly invitationId: string; readonly answer: "accept"; readonly organizationId: string }
  | { readonly invitationId: string; readonly answer: "decline" };

/**
 * Answers an invitation to the drafting table, as the person whose address was invited. Accepting gives the organization
 * its seat. Safe to retry: the same answer again changes nothing.
 *
 * @throws {Refusal} not-signed-in, not-found for everyone else, not-permitted without a leading role in the organization,
 *   expired, conflict when it was answered otherwise.
 */
export async function answerCharterInvitation(ctx: Context, input: InvitationAnswer): Promise<{ charterId: string }> {
  const person = requirePerson(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const invitation = await loadForUpdate(tx, input.invitationId);
    if (invitation?.email !== person.email) throw new Refusal("not-found", "There is no such invitation.");
    const { charterId } = invitation;
    const answer = input.answer === "accept" ? "accepted" : "declined";
    if (input.answer === "accept") requireForOrganization(ctx.actor, "answer-invitation", input.organizationId);
    if (invitation.answer !== null) {
      if (invitation.answer === answer) return { charterId };
      throw new Refusal(
        "conflict",
        `This invitation was ${invitation.answer} already; ask the convenor for a new one.`,
      );
    }
    if (invitation.expiresAt <= ctx.now) {
      throw new Refusal("expired", "This invitation has expired; ask the convenor for a new one.");
    }
    const organizationId = input.answer === "accept" ? input.organizationId : null;
    await tx.charterInvitation.update({
      where: { id: input.invitationId },
      data: { answer, answeredAt: ctx.now, answeredBy: person.userId, organizationId },
    });
    if (organizationId) {
      const { isEditor } = invitation;
      await tx.participant.upsert({
        where: { charterId_organizationId: { charterId, organizationId } },
        create: { charterId, organizationId, isEditor, joinedAt: ctx.now },
        // Coming back after leaving takes the seat anew; a seat that is held already is not made smaller.
        update: { leftAt: null, ...(isEditor ? { isEditor } : {}) },
      });
    }
    return { charterId };
  });
}

async function loadForUpdate(tx: Tx, invitationId: string) {
  if (!RowId.safeParse(invitationId).success) return null;
  await tx.$queryRaw`SELECT id FROM charter_invitation WHERE id = ${invitationId}::uuid FOR UPDATE`;
  return tx.charterInvitation.findUnique({
    where: { id: invitationId },
    select: { charterId: true, email: true, isEditor: true, expiresAt: true, answer: true },
  });
}
