import { type Db, transaction } from "#lib/data/store.ts";
import { captureRevisions } from "./clause-revisions.ts";

/**
 * Writes the clause history of a room up to its newest committed update. The realtime server calls it at sensible moments
 * (a pause in the editing, the last one leaving); it acts for nobody, so it asks for no right. Safe to retry.
 *
 * @returns the number of revisions written.
 */
export async function recordRevisions(db: Db, input: { roomId: string; now: Date }): Promise<number> {
  return transaction(db, (tx) => captureRevisions(tx, input.roomId, input.now));
}
