import * as Y from "yjs";
import { loadRoomState } from "#lib/data/room-log.ts";
import { sqlOf } from "#lib/data/room-rows.ts";
import type { Db } from "#lib/data/store.ts";
import { type ReadCharter, readCharter } from "#lib/editor/clauses.ts";

/** The committed text of a room, at update `atSeq` or at the newest. For queries that have checked the right to read it. */
export async function readDraftText(
  db: Db,
  roomId: string,
  language: string,
  atSeq?: number,
): Promise<ReadCharter & { readonly seq: number }> {
  const { state, seq } = await loadRoomState(sqlOf(db), roomId, atSeq);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const read = readCharter(doc, language);
  doc.destroy();
  return { ...read, seq };
}
