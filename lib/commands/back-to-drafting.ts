import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { notifyRoom } from "#lib/data/room-control.ts";
import { transaction } from "#lib/data/store.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Opens a text in review for edits again. Positions that were taken stay, and become stale once the words change.
 *
 * @throws {Refusal} not-found, not-permitted, conflict.
 */
export async function backToDrafting(ctx: Context, input: { charterId: string }): Promise<{ state: "DRAFTING" }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    nextState(round.state, "back-to-drafting");
    await tx.draftRound.update({ where: { id: round.id }, data: { state: "DRAFTING", deadline: null } });
    await notifyRoom(tx, round.room.id, "rights");
    return { state: "DRAFTING" };
  });
}
