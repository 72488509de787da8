import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { findNewestVersion, loadRound } from "#lib/data/draft-rounds.ts";
import { transaction } from "#lib/data/store.ts";
import { isOpenRound } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { openRoom } from "./draft-room.ts";

/** The states of a version beside which a next one may be drafted: it is public. */
const publicStates: readonly string[] = ["OPEN", "IN_EFFECT", "CLOSED"];

/**
 * Opens a new round of drafting beside the version that is public. It begins with that version's words and clause ids;
 * the signatures stay on the version they were given to. Safe to retry while that round has not ended.
 *
 * @throws {Refusal} not-found, not-permitted, conflict while no version is public.
 */
export async function startNewVersion(
  ctx: Context,
  input: { charterId: string },
): Promise<{ draftRoundId: string; roomId: string }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const last = await loadRound(tx, charter.id);
    if (isOpenRound(last.state) && last.number > 1) return { draftRoundId: last.id, roomId: last.room.id };
    const newest = await findNewestVersion(tx, charter.id);
    if (isOpenRound(last.state) || !newest || !publicStates.includes(newest.state)) {
      throw new Refusal("conflict", "A new version is drafted beside one that is public; there is none yet.");
    }
    const round = await tx.draftRound.create({
      data: { charterId: charter.id, number: last.number + 1, state: "DRAFTING", openedAt: ctx.now },
      select: { id: true },
    });
    const roomId = await openRoom(tx, {
      charterId: charter.id,
      draftRoundId: round.id,
      generation: 1,
      text: parseCanonicalVersion(newest.canonical).text,
      continues: last.room.id,
      author: { userId: person.userId, organizationId },
      via: "seed",
      now: ctx.now,
      random: ctx.random,
    });
    return { draftRoundId: round.id, roomId };
  });
}
