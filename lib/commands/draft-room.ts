import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as Y from "yjs";
import { notifyRoom } from "#lib/data/room-control.ts";
import { appendServerUpdate, loadRoomState } from "#lib/data/room-log.ts";
import { findRoomForUpdate, sqlOf, type Via } from "#lib/data/room-rows.ts";
import type { Tx } from "#lib/data/store.ts";
import type { CharterText } from "#lib/domain/charter-text.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { copyUpdate, type ReadCharter, readCharter, seedUpdate } from "#lib/editor/clauses.ts";
import { captureRevisions } from "./clause-revisions.ts";

/** A person with the organization they write for. */
export type Author = { readonly userId: string; readonly organizationId: string };

/** A room to be opened with a text in it. */
export type NewRoom = {
  readonly charterId: string;
  readonly draftRoundId: string;
  readonly generation: number;
  readonly text: CharterText;
  /** The room the text was read from: while it still reads so, its references stay references. */
  readonly continues?: string;
  readonly author: Author;
  readonly via: Via;
  readonly now: Date;
  readonly random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
};

/** Opens a room whose first update is the whole text, and gives back its id. Clause ids are kept. */
export async function openRoom(tx: Tx, room: NewRoom): Promise<string> {
  const roomId = randomUUID();
  const { charterId, draftRoundId, generation, now } = room;
  await tx.room.create({ data: { id: roomId, charterId, draftRoundId, generation, createdAt: now } });
  const update = await firstUpdate(tx, room);
  await appendServerUpdate(sqlOf(tx), roomId, update, { ...room.author, via: room.via }, now);
  await captureRevisions(tx, roomId, now);
  return roomId;
}

/** A frozen text holds its references as words; the room it came from still has them as references. */
async function firstUpdate(tx: Tx, { text, continues, random }: NewRoom): Promise<Uint8Array> {
  const clientId = randomClientId(random);
  if (continues === undefined) return seedUpdate(text, clientId);
  const { state } = await loadRoomState(sqlOf(tx), continues);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const isSame = isDeepStrictEqual(readCharter(doc, text.language).text, text);
  const update = isSame ? copyUpdate(doc, clientId) : seedUpdate(text, clientId);
  doc.destroy();
  return update;
}

/** The committed text of a room at update `seq`, with the chain over all updates up to it. */
export type DraftState = ReadCharter & { readonly seq: bigint; readonly chain: Uint8Array };

/**
 * The text of a room with its row locked until the transaction ends, so that it is the last word: no update can be stored
 * before the caller has committed.
 *
 * @throws {Refusal} not-found, frozen.
 * @throws {RoomDamaged} when the stored updates do not match their chain.
 */
export async function readLockedRoom(tx: Tx, roomId: string, language: string): Promise<DraftState> {
  const room = await findRoomForUpdate(sqlOf(tx), roomId);
  if (!room) throw new Refusal("not-found", "There is no such charter.");
  if (room.isClosed) throw new Refusal("frozen", "This text is frozen already.");
  const { state, seq, chain } = await loadRoomState(sqlOf(tx), roomId);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const read = readCharter(doc, language);
  doc.destroy();
  return { ...read, seq: BigInt(seq), chain };
}

/** Closes a room for writing at the commit of the transaction; editors are told the reason. Safe to retry. */
export async function closeRoom(
  tx: Tx,
  room: { roomId: string; reason: "frozen" | "abandoned"; now: Date },
): Promise<void> {
  await tx.room.updateMany({
    where: { id: room.roomId, closedAt: null },
    data: { closedAt: room.now, closedReason: room.reason },
  });
  await notifyRoom(tx, room.roomId, "closed");
}

/** A Yjs client id by chance: 32 bits. */
export function randomClientId(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>): number {
  return new DataView(random(new Uint8Array(4)).buffer).getUint32(0);
}
