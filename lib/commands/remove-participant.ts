import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { notifyRoom } from "#lib/data/room-control.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Takes an organization's seat at the table away. What it wrote stays in the text and its history; its people no longer
 * see the draft, their editors are closed, and an offer to convene that waits for their answer is taken back. Safe to retry.
 *
 * @throws {Refusal} not-found, not-permitted, conflict for the convenor and the depositary.
 */
export async function removeParticipant(
  ctx: Context,
  input: { charterId: string; organizationId: string },
): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person } = requireOnCharter(ctx.actor, "invite-organization", charter);
    if ([charter.convenorOrganizationId, charter.depositaryOrganizationId].includes(input.organizationId)) {
      throw new Refusal("conflict", "The convenor and the depositary keep their seats.");
    }
    await tx.participant.updateMany({
      where: { charterId: charter.id, organizationId: input.organizationId, leftAt: null },
      data: { leftAt: ctx.now },
    });
    // An offer to convene falls with the seat: it would come back to life with a new one.
    await tx.convenorHandover.updateMany({
      where: { charterId: charter.id, toId: input.organizationId, answer: null },
      data: { answer: "taken-back", answeredBy: person.userId, answeredAt: ctx.now },
    });
    await notifyRoom(tx, (await loadRound(tx, charter.id)).room.id, "rights");
  });
}
