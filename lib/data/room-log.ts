import { createHash } from "node:crypto";
import * as Y from "yjs";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Tx } from "./store.ts";

// The server reads tables through this file and the store alone.
export { parseRightsChange, rightsChannel } from "./rights-change.ts";

/**
 * The log of a room: every update in the order of its commit, each with its hash and a chain over all before it.
 * It is evidence: rows are never changed or removed. Whoever can write to `room_update` can put words into a draft under
 * any name, but can not change or drop an earlier row without breaking the chain, and can not sign anything.
 */

/** Something that runs SQL: a `pg` pool or client, or a Prisma transaction through `sqlOf`. */
export type Sql = { query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }> };

/** How an update came in. */
export type Via = "socket" | "seed" | "import" | "restore" | "adopt";

/** Who placed an update, and how it came in. */
export type Origin = { readonly userId: string | null; readonly organizationId: string | null; readonly via: Via };

/** One update of a room as it is stored. `seq` counts from 1 without holes. */
export type LoggedUpdate = Origin & { readonly seq: number; readonly payload: Uint8Array; readonly createdAt: Date };

/** The row of a room. `lastSeq` is 0 and `lastChain` the genesis chain while nothing was written. */
export type RoomRow = {
  readonly id: string;
  readonly charterId: string;
  readonly draftRoundId: string;
  readonly generation: number;
  readonly lastSeq: number;
  readonly lastChain: Uint8Array;
  readonly closedReason: string | null;
  readonly isClosed: boolean;
};

/** The text of a room at a committed update. */
export type RoomState = { readonly state: Uint8Array; readonly seq: number; readonly chain: Uint8Array };

/** The channel on which processes tell each other of rare events: payload is JSON of `ControlMessage`. */
export const controlChannel = "concordat_room";
/** `appended`: the server wrote an update. `closed`: the text is frozen. `rights`: rights or sessions changed; without a room, anywhere. */
export type ControlMessage = {
  readonly roomId?: string;
  readonly event: "appended" | "closed" | "rights" | "freezing" | "thawed";
  /** Of whom the rights changed; all when absent. */
  readonly userId?: string;
};

/** A stored row does not match its hash or chain. Everything up to `goodSeq` is intact. */
export class RoomDamaged extends Error {
  override readonly name = "RoomDamaged";
  readonly roomId: string;
  readonly goodSeq: number;
  constructor(roomId: string, goodSeq: number) {
    super(`The log of room ${roomId} is damaged after row ${goodSeq}.`);
    this.roomId = roomId;
    this.goodSeq = goodSeq;
  }
}

/** A Prisma transaction as something that runs SQL. */
export function sqlOf(tx: Pick<Tx, "$queryRawUnsafe">): Sql {
  return {
    query: async (text, values = []) => ({
      rows: await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values),
    }),
  };
}

/** The chain before the first update of a room; it ties all rows to this room. */
export function genesisChain(roomId: string): Uint8Array {
  return createHash("sha256").update(`concordat/room/v1\n${roomId}`).digest();
}

/** `SHA-256(previous ‖ seq as 8 bytes, big end first ‖ user id as text, empty for none ‖ payload)`. */
export function nextChain(previous: Uint8Array, seq: number, userId: string | null, payload: Uint8Array): Uint8Array {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(seq));
  return createHash("sha256")
    .update(previous)
    .update(counter)
    .update(userId ?? "")
    .update(payload)
    .digest();
}

/** SHA-256 of bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** The row of a room, or undefined. */
export async function findRoom(sql: Sql, roomId: string): Promise<RoomRow | undefined> {
  return roomRow(await sql.query(`${selectRoom} WHERE id = $1::uuid`, [roomId]));
}

/** The row of a room, locked against every writer until the transaction ends. Used to freeze and to write from the server. */
export async function findRoomForUpdate(sql: Sql, roomId: string): Promise<RoomRow | undefined> {
  return roomRow(await sql.query(`${selectRoom} WHERE id = $1::uuid FOR NO KEY UPDATE`, [roomId]));
}

/** The updates after `afterSeq`, oldest first, as they are stored and unchecked; at most `limit`. */
export async function listUpdates(
  sql: Sql,
  roomId: string,
  afterSeq: number,
  limit = 1_000_000,
): Promise<LoggedUpdate[]> {
  return (await readRows(sql, roomId, afterSeq, limit)).map(({ sha256: _hash, chain: _chain, ...update }) => update);
}

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
  readonly isDamaged: boolean;
};

/**
 * Reads and checks the log of a room up to `atSeq`. A damaged snapshot is passed over for an older one or none; at a damaged row it stops,
 * with everything before it.
 *
 * @throws {Refusal} not-found.
 */
export async function readLog(sql: Sql, roomId: string, atSeq = Number.MAX_SAFE_INTEGER): Promise<RoomLog> {
  const room = await findRoom(sql, roomId);
  if (!room) throw new Refusal("not-found", "There is no such text.");
  const end = Math.min(atSeq, room.lastSeq);
  let damagedSnapshot = false;
  for (const snapshot of await readSnapshots(sql, roomId, end)) {
    const anchor = snapshot.seq > 0 ? (await readRows(sql, roomId, snapshot.seq - 1, 1))[0] : undefined;
    const isSound =
      sha256(snapshot.state).every((byte, at) => byte === snapshot.sha256[at]) && anchor?.seq === snapshot.seq;
    if (!isSound || !anchor) {
      damagedSnapshot = true;
      continue;
    }
    const rest = checkRows(await readRows(sql, roomId, snapshot.seq, end - snapshot.seq), snapshot.seq, anchor.chain);
    return finish(rest, snapshot.state, end, room, damagedSnapshot);
  }
  const rest = checkRows(await readRows(sql, roomId, 0, end), 0, genesisChain(roomId));
  return finish(rest, undefined, end, room, damagedSnapshot);
}

/** What followed a point of a room's log that the caller holds, each row checked against the chain from there. */
export async function readLogAfter(
  sql: Sql,
  roomId: string,
  after: { readonly seq: number; readonly chain: Uint8Array },
): Promise<Omit<RoomLog, "snapshot">> {
  return checkRows(await readRows(sql, roomId, after.seq, 100_000), after.seq, after.chain);
}

/** Checks every row of a room from the first on, and every snapshot against the rows. Gives the number of rows. @throws {RoomDamaged} */
export async function checkRoomLog(sql: Sql, roomId: string): Promise<number> {
  const room = await findRoom(sql, roomId);
  if (!room) return 0;
  const doc = new Y.Doc({ gc: false });
  const snapshots = new Map((await readSnapshots(sql, roomId, room.lastSeq)).map((one) => [one.seq, one]));
  let seq = 0;
  let chain = genesisChain(roomId);
  while (seq < room.lastSeq) {
    const checked = checkRows(await readRows(sql, roomId, seq, 1_000), seq, chain);
    for (const update of checked.updates) {
      Y.applyUpdate(doc, update.payload);
      const snapshot = snapshots.get(update.seq);
      if (snapshot && !sameContent(doc, snapshot.state)) throw new RoomDamaged(roomId, update.seq - 1);
    }
    if (checked.isDamaged || checked.updates.length === 0) throw new RoomDamaged(roomId, checked.seq);
    ({ seq, chain } = checked);
  }
  if (!equal(chain, room.lastChain)) throw new RoomDamaged(roomId, Math.max(0, seq - 1));
  return seq;
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
  const chain = nextChain(room.lastChain, seq, origin.userId, update);
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

/** Tells every realtime process what happened to a room, at the commit of the transaction; with a user, to that one's sockets only. */
export async function notifyRoom(
  tx: Pick<Tx, "$queryRawUnsafe">,
  roomId: string,
  event: ControlMessage["event"],
  userId?: string,
): Promise<void> {
  await notifyRooms(sqlOf(tx), { roomId, event, ...(userId === undefined ? {} : { userId }) });
}

/** The same for any rooms. For rare events only: a committing transaction with a NOTIFY holds up all others. */
export async function notifyRooms(sql: Sql, message: ControlMessage): Promise<void> {
  // pg_notify gives void, which not every driver can read.
  await sql.query("SELECT pg_notify($1, $2)::text AS sent", [controlChannel, JSON.stringify(message)]);
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

type CheckedRow = LoggedUpdate & { readonly sha256: Uint8Array; readonly chain: Uint8Array };
type Checked = {
  readonly updates: LoggedUpdate[];
  readonly seq: number;
  readonly chain: Uint8Array;
  readonly isDamaged: boolean;
};

function checkRows(rows: readonly CheckedRow[], afterSeq: number, chainBefore: Uint8Array): Checked {
  let seq = afterSeq;
  let chain = chainBefore;
  const updates: LoggedUpdate[] = [];
  for (const { sha256: hash, chain: stored, ...update } of rows) {
    const expected = nextChain(chain, seq + 1, update.userId, update.payload);
    if (update.seq !== seq + 1 || !equal(hash, sha256(update.payload)) || !equal(stored, expected))
      return { updates, seq, chain, isDamaged: true };
    seq += 1;
    chain = expected;
    updates.push(update);
  }
  return { updates, seq, chain, isDamaged: false };
}

function finish(
  rest: Checked,
  snapshot: Uint8Array | undefined,
  end: number,
  room: RoomRow,
  damagedSnapshot: boolean,
): RoomLog {
  const isShort = rest.seq < end;
  const isForked = end === room.lastSeq && !isShort && !equal(rest.chain, room.lastChain);
  return {
    snapshot,
    updates: rest.updates,
    seq: rest.seq,
    chain: rest.chain,
    isDamaged: rest.isDamaged || isShort || isForked || damagedSnapshot,
  };
}

async function readRows(sql: Sql, roomId: string, afterSeq: number, limit: number): Promise<CheckedRow[]> {
  const { rows } = await sql.query(
    `SELECT seq::text AS seq, user_id::text AS user_id, organization_id::text AS organization_id, via, payload, sha256, chain, created_at
     FROM room_update WHERE room_id = $1::uuid AND seq > $2::bigint ORDER BY room_update.seq LIMIT $3::bigint`,
    [roomId, String(afterSeq), String(limit)],
  );
  return rows.map(({ seq, user_id, organization_id, via, payload, sha256, chain, created_at }) => ({
    seq: Number(seq),
    userId: text(user_id),
    organizationId: text(organization_id),
    // The column is written by this file and the realtime store alone.
    via: String(via) as Via,
    payload: bytes(payload),
    sha256: bytes(sha256),
    chain: bytes(chain),
    createdAt: created_at instanceof Date ? created_at : new Date(String(created_at)),
  }));
}

async function readSnapshots(sql: Sql, roomId: string, atSeq: number) {
  const { rows } = await sql.query(
    "SELECT seq::text AS seq, state, sha256 FROM room_snapshot WHERE room_id = $1::uuid AND seq <= $2::bigint ORDER BY room_snapshot.seq DESC LIMIT 2",
    [roomId, String(atSeq)],
  );
  return rows.map(({ seq, state, sha256 }) => ({ seq: Number(seq), state: bytes(state), sha256: bytes(sha256) }));
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

const selectRoom = `SELECT id::text AS id, charter_id::text AS charter_id, draft_round_id::text AS draft_round_id, generation,
  last_seq::text AS last_seq, last_chain, closed_at IS NOT NULL AS is_closed, closed_reason FROM room`;

function roomRow(result: { rows: Record<string, unknown>[] }): RoomRow | undefined {
  const row = result.rows[0];
  if (!row) return undefined;
  const { id: rowId, charter_id, draft_round_id, generation, last_seq, last_chain, is_closed, closed_reason } = row;
  const id = String(rowId);
  return {
    id,
    charterId: String(charter_id),
    draftRoundId: String(draft_round_id),
    generation: Number(generation),
    lastSeq: Number(last_seq),
    lastChain: last_chain ? bytes(last_chain) : genesisChain(id),
    closedReason: text(closed_reason),
    isClosed: is_closed === true,
  };
}

function sameContent(doc: Y.Doc, state: Uint8Array): boolean {
  const other = new Y.Doc({ gc: false });
  Y.applyUpdate(other, state);
  const same = Y.equalSnapshots(Y.snapshot(other), Y.snapshot(doc));
  other.destroy();
  return same;
}

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error("A column of the room log does not hold bytes.");
  return value;
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
