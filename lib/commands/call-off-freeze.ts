import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { notifyRoom } from "#lib/data/room-control.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Tells everyone in the draft that an announced freeze does not happen: they may go on. Safe to retry.
 *
 * @throws {Refusal} not-found, not-permitted.
 */
export async function callOffFreeze(ctx: Context, input: { charterId: string }): Promise<void> {
  const charter = await loadCharter(ctx.db, input.charterId);
  requireOnCharter(ctx.actor, "run-drafting", charter);
  const { room } = await loadRound(ctx.db, charter.id);
  await notifyRoom(ctx.db, room.id, "thawed");
}
