import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Takes an unanswered invitation to the table back. Safe to retry; one that was answered stays as it is.
 *
 * @throws {Refusal} not-found, not-permitted.
 */
export async function revokeCharterInvitation(
  ctx: Context,
  input: { charterId: string; invitationId: string },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const charter = await loadCharter(tx, input.charterId);
    requireOnCharter(ctx.actor, "invite-organization", charter);
    await tx.charterInvitation.updateMany({
      where: { id: input.invitationId, charterId: charter.id, answeredAt: null },
      data: { answer: "revoked", answeredAt: ctx.now },
    });
  });
}
