import * as Y from "yjs";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Checked, checkRows, equal, genesisChain, judgeSnapshot, nextChain, sha256 } from "./room-chain.ts";
import { RoomDamaged } from "./room-check.ts";
import { notifyRooms } from "./room-control.ts";
import {
  findRoom,
  findRoomForUpdate,
  type LoggedUpdate,
  type Origin,
  type RoomRow,
  readRows,
  readSnapshots,
  type Sql,
} from "./room-rows.ts";

/**
 * The log of a room: every update in the order of its commit, each with its hash and a chain over all before it.
 * It is evidence: rows are never changed or removed. Whoever can write to `room_update` can put words into a draft under
 * any name, but can not change or drop an earlier row without breaking the chain, and can not sign anything.
 */

/** The text of a room at a committed update. */
export type RoomState = { readonly state: Uint8Array; readonly seq: number; readonly chain: Uint8Array };

/**
 * The text of a room at update `atSeq` (default: the newest), from the newest snapshot before it and the rows after that, each checked.
 *
 * @throws {Refusal} not-found.
 * @throws {RoomDamaged} when a hash or the chain does not match; nothing is rendered from a damaged log.
 */
export async function loadRoomState(sql: Sql, roomId: string, atSeq?: number): Promise<RoomState> {
  const log = await readLog(sql, roomId, atSeq);
  if (log.isDamaged) throw new RoomDamaged(roomId, log.seq);
  const doc = replay(log);
  const state = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return { state, seq: log.seq, chain: log.chain };
}

/** What `readLog` found: a state to start from, the checked updates after it, and whether it had to stop before the end. */
export type RoomLog = {
  readonly snapshot: Uint8Array | undefined;
  readonly updates: readonly LoggedUpdate[];
  readonly seq: number;
  readonly chain: Uint8Array;
  /** A row does not match: what is given ends before it. */
  readonly isDamaged: boolean;
  /** Snapshots that do not match and were passed over. Nothing is missing for it; somebody should know. */
  readonly badSnapshots: readonly number[];
};

/**
 * Reads and checks the log of a room up to `atSeq`. A damaged snapshot is passed over for an older one, or for the whole log; at a damaged row it
 * stops, with everything before it.
 *
 * @throws {Refusal} not-found.
 */
export async function readLog(sql: Sql, roomId: string, atSeq = Number.MAX_SAFE_INTEGER): Promise<RoomLog> {
  const room = await findRoom(sql, roomId);
  if (!room) throw new Refusal("not-found", "There is no such text.");
  const end = Math.min(atSeq, room.lastSeq);
  const badSnapshots: number[] = [];
  for (const snapshot of await readSnapshots(sql, roomId, end, 2)) {
    const anchor = (await readRows(sql, roomId, snapshot.seq - 1, 1))[0];
    const verdict = judgeSnapshot(snapshot, anchor);
    if (verdict === "bad") badSnapshots.push(snapshot.seq);
    if (verdict !== "sound" || !anchor) continue;
    const rest = checkRows(await readRows(sql, roomId, snapshot.seq, end - snapshot.seq), snapshot.seq, anchor.chain);
    return finish(rest, snapshot.state, end, room, badSnapshots);
  }
  const rest = checkRows(await readRows(sql, roomId, 0, end), 0, genesisChain(roomId));
  return finish(rest, undefined, end, room, badSnapshots);
}

/** What followed a point of a room's log that the caller holds, each row checked against the chain from there. */
export async function readLogAfter(
  sql: Sql,
  roomId: string,
  after: { readonly seq: number; readonly chain: Uint8Array },
): Promise<Omit<RoomLog, "snapshot" | "badSnapshots">> {
  return checkRows(await readRows(sql, roomId, after.seq, 100_000), after.seq, after.chain);
}

/**
 * Appends an update that the server made (a wording brought back, an import, the seed of a new room) and tells the rooms. Run it in the
 * transaction of the command: it locks the room until the end. The Yjs clients it writes under are leased to the user. `at` is the
 * instant of the row, the database's own when it is not given.
 *
 * @returns its number in the log.
 * @throws {Refusal} not-found, or frozen when the room no longer takes writes.
 */
export async function appendServerUpdate(
  sql: Sql,
  roomId: string,
  update: Uint8Array,
  origin: Origin,
  at?: Date,
): Promise<number> {
  const room = await findRoomForUpdate(sql, roomId);
  if (!room) throw new Refusal("not-found", "There is no such text.");
  if (room.isClosed) throw new Refusal("frozen", "This text is frozen; it can no longer be changed.");
  await leaseClients(sql, roomId, update, origin);
  const seq = room.lastSeq + 1;
  const chain = nextChain(room.lastChain, seq, origin, update);
  await sql.query(
    `INSERT INTO room_update (room_id, seq, user_id, organization_id, via, payload, sha256, chain, created_at)
     VALUES ($1::uuid, $2::bigint, $3::uuid, $4::uuid, $5, $6::bytea, $7::bytea, $8::bytea, coalesce($9::timestamptz, now()))
     RETURNING seq`,
    [
      roomId,
      String(seq),
      origin.userId,
      origin.organizationId,
      origin.via,
      Buffer.from(update),
      Buffer.from(sha256(update)),
      Buffer.from(chain),
      at ?? null,
    ],
  );
  await sql.query("UPDATE room SET last_seq = $2::bigint, last_chain = $3::bytea WHERE id = $1::uuid RETURNING id", [
    roomId,
    String(seq),
    Buffer.from(chain),
  ]);
  await notifyRooms(sql, { roomId, event: "appended" });
  return seq;
}

/** The document that a log describes. Nothing in it is collected, so that every past state can be drawn. */
export function replay(log: Pick<RoomLog, "snapshot" | "updates">): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  doc.transact(() => {
    if (log.snapshot) Y.applyUpdate(doc, log.snapshot);
    for (const update of log.updates) Y.applyUpdate(doc, update.payload);
  });
  return doc;
}

function finish(
  rest: Checked,
  snapshot: Uint8Array | undefined,
  end: number,
  room: RoomRow,
  badSnapshots: readonly number[],
): RoomLog {
  const isShort = rest.seq < end;
  const isForked = end === room.lastSeq && !isShort && !equal(rest.chain, room.lastChain);
  return {
    snapshot,
    updates: rest.updates,
    seq: rest.seq,
    chain: rest.chain,
    isDamaged: rest.isDamaged || isShort || isForked,
    badSnapshots,
  };
}

async function leaseClients(sql: Sql, roomId: string, update: Uint8Array, origin: Origin): Promise<void> {
  if (origin.userId === null || origin.organizationId === null) return;
  for (const client of new Set(Y.decodeUpdate(update).structs.map((struct) => struct.id.client))) {
    await sql.query(
      `INSERT INTO client_lease (room_id, client_id, user_id, organization_id) VALUES ($1::uuid, $2::bigint, $3::uuid, $4::uuid)
       ON CONFLICT DO NOTHING RETURNING client_id::text`,
      [roomId, String(client), origin.userId, origin.organizationId],
    );
  }
}
