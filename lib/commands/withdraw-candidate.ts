import { insertAct } from "#lib/data/acts.ts";
import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound, requireCandidate } from "#lib/data/draft-rounds.ts";
import { transaction } from "#lib/data/store.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { openRoom } from "./draft-room.ts";

/**
 * Withdraws the candidate, because the text has to change: the round is in review again, with a new room that begins
 * with the candidate's words and clause ids. Editors of the old room find their way by its generation.
 *
 * @throws {Refusal} not-found, not-permitted, conflict without a candidate.
 */
export async function withdrawCandidate(
  ctx: Context,
  input: { charterId: string; reason: string },
): Promise<{ roomId: string; generation: number }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    const candidate = requireCandidate(round);
    await tx.charterVersion.update({ where: { id: candidate.id }, data: { state: "WITHDRAWN_TEXT" } });
    await tx.draftRound.update({
      where: { id: round.id },
      data: { state: nextState(round.state, "withdraw-candidate"), deadline: null },
    });
    const generation = round.room.generation + 1;
    const roomId = await openRoom(tx, {
      charterId: charter.id,
      draftRoundId: round.id,
      generation,
      text: parseCanonicalVersion(candidate.canonical).text,
      continues: round.room.id,
      author: { userId: person.userId, organizationId },
      via: "seed",
      now: ctx.now,
      random: ctx.random,
    });
    await insertAct(tx, {
      charterId: charter.id,
      versionId: candidate.id,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: {
        kind: "withdraw-text",
        versionSha256: candidate.sha256Hex,
        reason: input.reason.trim().slice(0, 1000),
      },
    });
    return { roomId, generation };
  });
}
