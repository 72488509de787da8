import * as Y from "yjs";
import type { Room } from "./room.ts";
import type { RoomStore } from "./store.ts";

/** Updates since the room was loaded that make a snapshot worth its row. */
const updatesWorthOne = 500;

/**
 * Keeps the state of an idle room, so that the next load reads one row instead of thousands. It is read back and compared before
 * it is stored; the log stays as it is.
 */
export async function takeSnapshot(room: Room, store: RoomStore): Promise<void> {
  if (room.mode !== "open" || room.isBusy || room.committedSinceLoad < updatesWorthOne) return;
  const { seq } = room.head;
  const state = Y.encodeStateAsUpdate(room.doc);
  const copy = new Y.Doc({ gc: false });
  Y.applyUpdate(copy, state);
  const isSame = Buffer.compare(Y.encodeStateAsUpdate(copy), state) === 0;
  copy.destroy();
  if (isSame) await store.insertSnapshot(room.row.id, seq, state);
}
