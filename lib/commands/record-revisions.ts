import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { type CharterAction, requireOnCharter } from "#lib/domain/rights.ts";
import { captureRevisions } from "./clause-revisions.ts";

/**
 * Writes the clause history of a room up to its newest committed update. The realtime server calls it at sensible moments
 * (a pause in the editing, the last one leaving); it acts for nobody, so it asks for no right. Safe to retry, and what was written stays when it ends early.
 * A server has it written in a thread of its own (`shareScribe`).
 *
 * @returns the number of revisions written.
 */
export async function recordRevisions(db: Db, wanted: Wanted): Promise<number> {
  const scribe = holder.concordatScribe ?? scribeOn(db);
  for (let written = 0; ; ) {
    const { count, isWhole } = await scribe(wanted);
    written += count;
    if (isWhole) return written;
  }
}

/** Whose history, and the date of what is written. */
type Wanted = { readonly roomId: string; readonly now: Date };

/** Writes the next piece of a history, in a second or two: how many revisions, and whether they reach the newest update. */
export type Scribe = (wanted: Wanted) => Promise<{ readonly count: number; readonly isWhole: boolean }>;

/** Writes in the thread that asks, which does little else meanwhile. */
export function scribeOn(db: Db): Scribe {
  return ({ roomId, now }) => transaction(db, (tx) => captureRevisions(tx, roomId, now, { wordsMax }));
}

/** What one transaction reads, so that it ends in time and those who wait for the history get their turn. */
const wordsMax = 500_000;

const holder = globalThis as typeof globalThis & { concordatScribe?: Scribe };

/**
 * Makes this the scribe of the process, or takes it away. It hangs on `globalThis` because the web build is a second module graph beside the server: whoever
 * freezes a text whose history is far behind would keep everybody else from their pages.
 */
export function shareScribe(scribe: Scribe | undefined): void {
  if (scribe) holder.concordatScribe = scribe;
  else delete holder.concordatScribe;
}

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
