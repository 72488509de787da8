import type { Compactor } from "./compactor.ts";
import type { Room } from "./room.ts";
import type { RoomStore } from "./store.ts";

/** Updates since the newest snapshot that make another one worth its row. */
const updatesWorthOne = 500;

/**
 * Keeps the state of a room, so that the next load reads one row instead of thousands. It is made of the log alone, compared before
 * it is stored and read back after; one that is not as it was written is taken out again. The log stays as it is.
 */
export async function takeSnapshot(room: Room, store: RoomStore, compactor: Compactor): Promise<void> {
  const { seq } = room.head;
  if (room.mode === "damaged" || room.mode === "discarded" || seq - room.snapshotSeq < updatesWorthOne) return;
  const log = await store.readLog(room.row.id, seq);
  if (log.isDamaged || log.seq !== seq) return;
  const state = await compactor.compact(log);
  await store.insertSnapshot(room.row.id, log, state);
  // Dying here leaves a snapshot that the next load judges by its hash like any other.
  if (!(await store.holdsSnapshot(room.row.id, log, state))) {
    await store.removeSnapshot(room.row.id, seq);
    throw new Error("A snapshot could not be read back as it was written.");
  }
  room.noteSnapshot(seq);
}
