import * as Y from "yjs";
import { chainOver, checkRows, equal, genesisChain, judgeSnapshot } from "./room-chain.ts";
import {
  findRoom,
  type HashedUpdate,
  type RoomRow,
  readRows,
  readSnapshots,
  type Sql,
  type StoredSnapshot,
} from "./room-rows.ts";

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

/** What a check of a room found. `rows` are those that are intact from the first on. */
export type RoomReport = { readonly rows: number; readonly snapshots: number; readonly findings: readonly string[] };

/** What a check of all rooms found, one sentence for each thing that is wrong. */
export type RoomsReport = RoomReport & { readonly rooms: number };

const pageSize = 1_000;

/** Checks every room of a database, one after the other; `onRoom` hears of each. */
export async function checkRooms(sql: Sql, onRoom: (report: RoomReport) => void = () => {}): Promise<RoomsReport> {
  const total = { rooms: 0, rows: 0, snapshots: 0, findings: [] as string[] };
  for (let after = "00000000-0000-0000-0000-000000000000"; ; ) {
    const { rows } = await sql.query("SELECT id::text AS id FROM room WHERE id > $1::uuid ORDER BY room.id LIMIT 100", [
      after,
    ]);
    for (const { id } of rows) {
      after = String(id);
      const report = await checkRoom(sql, after);
      total.rooms += 1;
      total.rows += report.rows;
      total.snapshots += report.snapshots;
      total.findings.push(...report.findings);
      onRoom(report);
    }
    if (rows.length === 0) return total;
  }
}

/** Checks every row of a room from the first on, and every snapshot against the rows. Gives the number of rows. @throws {RoomDamaged} */
export async function checkRoomLog(sql: Sql, roomId: string): Promise<number> {
  const { rows, findings } = await checkRoom(sql, roomId);
  if (findings.length > 0) throw new RoomDamaged(roomId, rows);
  return rows;
}

/**
 * Every row in its place with its hash and chain, the head of the room at the last one, every snapshot the text as of its row; the room with the
 * charter of its round, and every clientID leased to the one who wrote under it.
 */
export async function checkRoom(sql: Sql, roomId: string): Promise<RoomReport> {
  const room = await findRoom(sql, roomId);
  if (!room) return { rows: 0, snapshots: 0, findings: [] };
  const check = new RoomChecking(room, await readSnapshots(sql, roomId, Number.MAX_SAFE_INTEGER, pageSize));
  for (;;) {
    const rows = await readRows(sql, roomId, check.seq, pageSize);
    if (rows.length === 0 || !check.takeRows(rows)) break;
  }
  check.takeCharter(await charterOfRound(sql, room.draftRoundId));
  // Read after the rows: a lease is there before what is written under it.
  check.takeLeases(await readLeases(sql, roomId));
  return check.finish();
}

async function charterOfRound(sql: Sql, draftRoundId: string): Promise<string | undefined> {
  const { rows } = await sql.query("SELECT charter_id::text AS charter_id FROM draft_round WHERE id = $1::uuid", [
    draftRoundId,
  ]);
  return rows[0] && String(rows[0].charter_id);
}

/** To whom each clientID of a room is leased. */
async function readLeases(sql: Sql, roomId: string): Promise<Map<number, string>> {
  const { rows } = await sql.query(
    "SELECT client_id::text AS client_id, user_id::text AS user_id FROM client_lease WHERE room_id = $1::uuid",
    [roomId],
  );
  return new Map(rows.map(({ client_id, user_id }) => [Number(client_id), String(user_id)]));
}

/** Somebody wrote under a clientID, first in this row. */
type Writer = { readonly client: number; readonly userId: string; readonly seq: number };

class RoomChecking {
  seq = 0;
  readonly #room: RoomRow;
  readonly #snapshots: readonly StoredSnapshot[];
  readonly #findings: string[] = [];
  readonly #doc = new Y.Doc({ gc: false });
  readonly #judged = new Set<number>();
  readonly #writers = new Map<string, Writer>();
  #chain: Uint8Array;
  #isBroken = false;

  constructor(room: RoomRow, snapshots: readonly StoredSnapshot[]) {
    this.#room = room;
    this.#snapshots = snapshots;
    this.#chain = genesisChain(room.id);
  }

  /** Takes the rows that follow. False when they do not: nothing after them can be judged. */
  takeRows(rows: readonly HashedUpdate[]): boolean {
    for (const row of rows) {
      const before = { seq: this.seq, chain: this.#chain };
      const checked = checkRows([row], before.seq, before.chain);
      if (checked.isDamaged) {
        this.#isBroken = true;
        this.#find(
          row.seq === before.seq + 1
            ? `row ${row.seq} does not match its hash or the chain`
            : `row ${before.seq + 1} is missing`,
        );
        return false;
      }
      ({ seq: this.seq, chain: this.#chain } = checked);
      const fresh = freshClients(this.#doc, row.payload);
      if (!isTaken(this.#doc, row.payload)) {
        this.#isBroken = true;
        this.#find(`row ${row.seq} is as it was written, and no update`);
        return false;
      }
      this.#noteWriter(row, before.chain, fresh);
      for (const snapshot of this.#snapshots) if (snapshot.seq === row.seq) this.#judge(snapshot, row);
    }
    return true;
  }

  takeCharter(ofRound: string | undefined): void {
    if (ofRound !== this.#room.charterId) this.#find("its charter is not that of its draft round");
  }

  takeLeases(leases: ReadonlyMap<number, string>): void {
    for (const { client, userId, seq } of this.#writers.values()) {
      const holder = leases.get(client);
      if (holder !== userId)
        this.#find(
          `row ${seq} writes under clientID ${client}, which is leased to ${holder === undefined ? "nobody" : "another user"}`,
        );
    }
  }

  finish(): RoomReport {
    if (!this.#isBroken) {
      if (this.seq !== this.#room.lastSeq)
        this.#find(`its head says ${this.#room.lastSeq} rows, and there are ${this.seq}`);
      else if (!equal(this.#chain, this.#room.lastChain)) this.#find("its head does not match the chain");
      if (this.#doc.store.pendingStructs || this.#doc.store.pendingDs) this.#find("its rows do not make a whole text");
      for (const { seq } of this.#snapshots)
        if (!this.#judged.has(seq)) this.#find(`the snapshot at row ${seq} has no row`);
    }
    this.#doc.destroy();
    return { rows: this.seq, snapshots: this.#judged.size, findings: this.#findings };
  }

  /** Only what came by a socket had to be leased, and only the second form of the chain says that a row did. */
  #noteWriter(row: HashedUpdate, before: Uint8Array, fresh: readonly number[]): void {
    const { seq, userId, via } = row;
    if (via !== "socket" || userId === null || !equal(row.chain, chainOver(before, seq, row, row.sha256))) return;
    for (const client of fresh) {
      const key = `${client} ${userId}`;
      if (!this.#writers.has(key)) this.#writers.set(key, { client, userId, seq });
    }
  }

  #judge(snapshot: StoredSnapshot, row: HashedUpdate): void {
    this.#judged.add(snapshot.seq);
    if (judgeSnapshot(snapshot, row) === "bad")
      this.#find(`the snapshot at row ${snapshot.seq} does not match its hash`);
    else if (!sameContent(this.#doc, snapshot.state))
      this.#find(`the snapshot at row ${snapshot.seq} is not the text of its rows`);
  }

  #find(what: string): void {
    this.#findings.push(`Room ${this.#room.id}: ${what}.`);
  }
}

function sameContent(doc: Y.Doc, state: Uint8Array): boolean {
  const other = new Y.Doc({ gc: false });
  const same =
    isTaken(other, state) &&
    Y.equalSnapshots(Y.snapshot(other), Y.snapshot(doc)) &&
    other.getXmlFragment("charter").toString() === doc.getXmlFragment("charter").toString();
  other.destroy();
  return same;
}

/** The clients under which an update brings what the text does not have; of bytes that are no update, none. */
function freshClients(doc: Y.Doc, update: Uint8Array): number[] {
  try {
    return [...Y.parseUpdateMeta(update).to].flatMap(([client, end]) =>
      end > Y.getState(doc.store, client) ? [client] : [],
    );
  } catch {
    return [];
  }
}

/** Whether Yjs reads it: who can write to the tables can put bytes there that it throws at, with hashes that match. */
function isTaken(doc: Y.Doc, update: Uint8Array): boolean {
  try {
    Y.applyUpdate(doc, update);
    return true;
  } catch {
    return false;
  }
}
