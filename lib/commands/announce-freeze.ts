import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { notifyRoom } from "#lib/data/room-control.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Tells everyone in the draft that its text is about to be frozen: their editors stop, and send what was typed until then.
 * Gives the number of the newest update that is stored; it may be asked again until that grows no more. Nothing is promised
 * by it: who does not hear it is refused by the freeze itself. Follow it with a freeze or with `callOffFreeze`.
 *
 * @throws {Refusal} not-found, not-permitted.
 */
export async function announceFreeze(ctx: Context, input: { charterId: string }): Promise<{ roomSeq: bigint }> {
  const charter = await loadCharter(ctx.db, input.charterId);
  requireOnCharter(ctx.actor, "run-drafting", charter);
  const round = await loadRound(ctx.db, charter.id);
  if (!round.room.isClosed) await notifyRoom(ctx.db, round.room.id, "freezing");
  return { roomSeq: round.room.lastSeq };
}
