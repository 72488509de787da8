import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { type CharterAction, requireOnCharter } from "#lib/domain/rights.ts";
import { captureRevisions } from "./clause-revisions.ts";

/**
 * Writes the clause history of a room up to its newest committed update. The realtime server calls it at sensible moments
 * (a pause in the editing, the last one leaving); it acts for nobody, so it asks for no right. Safe to retry, and what was written stays when it ends early.
 *
 * @returns the number of revisions written.
 */
export async function recordRevisions(db: Db, input: { roomId: string; now: Date }): Promise<number> {
  for (let written = 0; ; ) {
    const { count, isWhole } = await transaction(db, (tx) =>
      captureRevisions(tx, input.roomId, input.now, { wordsMax }),
    );
    written += count;
    if (isWhole) return written;
  }
}

/** What one transaction reads, so that it ends in time and those who wait for the history get their turn: a second or two. */
const wordsMax = 500_000;

/**
 * The same for the room of a charter's round, before a command locks it: little is left to do under its locks then, and nobody who types waits long.
 *
 * @throws {Refusal} not-found, not-permitted.
 */
export async function recordDraft(
  ctx: Context,
  { charterId, right }: { charterId: string; right: CharterAction },
): Promise<void> {
  const roomId = await transaction(ctx.db, async (tx) => {
    const charter = await loadCharter(tx, charterId);
    requireOnCharter(ctx.actor, right, charter);
    return (await loadRound(tx, charter.id)).room.id;
  });
  await recordRevisions(ctx.db, { roomId, now: ctx.now });
}
