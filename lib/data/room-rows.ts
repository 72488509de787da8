import { genesisChain } from "./room-chain.ts";
import type { Tx } from "./store.ts";

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

/** A row of the log with the hashes that are stored beside it. */
export type HashedUpdate = LoggedUpdate & { readonly sha256: Uint8Array; readonly chain: Uint8Array };

/** A Prisma transaction as something that runs SQL. */
export function sqlOf(tx: Pick<Tx, "$queryRawUnsafe">): Sql {
  return {
    query: async (text, values = []) => ({
      rows: await tx.$queryRawUnsafe<Record<string, unknown>[]>(text, ...values),
    }),
  };
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

/** The rows after `afterSeq` with their hashes, unchecked; at most `limit`. */
export async function readRows(sql: Sql, roomId: string, afterSeq: number, limit: number): Promise<HashedUpdate[]> {
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

/** A snapshot as it is stored, unchecked. */
export type StoredSnapshot = { readonly seq: number; readonly state: Uint8Array; readonly sha256: Uint8Array };

/** The newest snapshots up to `atSeq`, newest first, unchecked. */
export async function readSnapshots(sql: Sql, roomId: string, atSeq: number, limit: number): Promise<StoredSnapshot[]> {
  const { rows } = await sql.query(
    `SELECT seq::text AS seq, state, sha256 FROM room_snapshot WHERE room_id = $1::uuid AND seq <= $2::bigint
     ORDER BY room_snapshot.seq DESC LIMIT $3::bigint`,
    [roomId, String(atSeq), String(limit)],
  );
  return rows.map(({ seq, state, sha256 }) => ({ seq: Number(seq), state: bytes(state), sha256: bytes(sha256) }));
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

function bytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Error("A column of the room log does not hold bytes.");
  return value;
}

function text(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
