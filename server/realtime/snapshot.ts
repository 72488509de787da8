import { isDeepStrictEqual } from "node:util";
import * as Y from "yjs";
import { charterTextOf } from "#lib/editor/clauses.ts";
import type { Room } from "./room.ts";
import type { RoomStore } from "./store.ts";

/** Updates since the newest snapshot that make another one worth its row. */
const updatesWorthOne = 500;

/**
 * Keeps the state of a room that pauses, so that the next load reads one row instead of thousands. It is read back and compared before
 * it is stored: the same words, the same deletions, the same clocks. The log stays as it is.
 */
export async function takeSnapshot(room: Room, store: RoomStore): Promise<void> {
  const { seq } = room.head;
  if (room.mode === "damaged" || room.mode === "discarded" || room.isBusy || seq - room.snapshotSeq < updatesWorthOne)
    return;
  const state = Y.encodeStateAsUpdate(room.doc);
  const copy = new Y.Doc({ gc: false });
  Y.applyUpdate(copy, state);
  const isSame =
    Y.equalSnapshots(Y.snapshot(copy), Y.snapshot(room.doc)) &&
    isDeepStrictEqual(charterTextOf(copy), charterTextOf(room.doc));
  copy.destroy();
  if (!isSame) throw new Error("A snapshot does not read as the room it was taken of.");
  await store.insertSnapshot(room.row.id, seq, state);
  room.noteSnapshot(seq);
}
