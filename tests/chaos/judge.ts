import type pg from "pg";
import * as Y from "yjs";
import { checkRoomLog } from "#lib/data/room-check.ts";
import { charterTextOf } from "#lib/editor/clauses.ts";
import type { Ledgers } from "./ledger.ts";

/** What the ledgers and the database disagree about. A sound server leaves nothing in any of them. */
export type Verdict = {
  /** Called saved, and not there. */
  readonly lost: readonly string[];
  /** There twice. */
  readonly duplicate: readonly string[];
  /** Its deletion was called saved, and it is there. */
  readonly zombie: readonly string[];
  /** Nobody ever sent it. */
  readonly phantom: readonly string[];
};

const tokenPattern = /<[a-z]+\d*\.\d+>/g;

/** Compares what was acknowledged with what the rows of the log say. It reads only what it has not read yet. */
export class Judge {
  readonly ledgers: Ledgers;
  readonly #rooms: ReadonlyMap<string, { readonly doc: Y.Doc; seq: number }>;

  constructor(ledgers: Ledgers, roomIds: readonly string[]) {
    this.ledgers = ledgers;
    this.#rooms = new Map(roomIds.map((id) => [id, { doc: new Y.Doc(), seq: 0 }]));
  }

  /** Whatever was acknowledged until now must be in the database now. Right at any moment, while writers write too. */
  async compare(pool: pg.Pool): Promise<Verdict> {
    this.ledgers.read();
    const inserts = [...this.ledgers.savedInserts];
    const deletes = [...this.ledgers.savedDeletes];
    const found: string[] = [];
    const phantom: string[] = [];
    for (const roomId of this.#rooms.keys()) {
      const text = await this.#read(pool, roomId);
      found.push(...(text.match(tokenPattern) ?? []));
      const rest = text.replaceAll(tokenPattern, "");
      if (/[<>]/.test(rest)) phantom.push(rest);
    }
    // Read again: what was sent while the database was read is nobody's invention.
    this.ledgers.read();
    const present = new Set(found);
    return {
      lost: inserts.filter((token) => !present.has(token) && !this.ledgers.deleted.has(token)),
      duplicate: found.filter((token, at) => found.indexOf(token) !== at),
      zombie: deletes.filter((token) => present.has(token)),
      phantom: [...phantom, ...found.filter((token) => !this.ledgers.inserted.has(token))],
    };
  }

  /** Tokens that were sent and are nowhere, although nobody took them out: when all is quiet there are none. */
  async missing(pool: pg.Pool, givenBack: ReadonlySet<string>): Promise<string[]> {
    this.ledgers.read();
    const texts = await Promise.all([...this.#rooms.keys()].map((roomId) => this.#read(pool, roomId)));
    const present = new Set(texts.flatMap((text) => text.match(tokenPattern) ?? []));
    return [...this.ledgers.inserted].filter(
      (token) => !present.has(token) && !this.ledgers.deleted.has(token) && !givenBack.has(token),
    );
  }

  /** The text of a room as the log has it. */
  textOf(roomId: string): string {
    const room = this.#rooms.get(roomId);
    return room ? plain(room.doc) : "";
  }

  /** Gapless numbers, hashes and the chain of every room. @throws {RoomDamaged} */
  async checkLogs(pool: pg.Pool): Promise<number> {
    let rows = 0;
    for (const roomId of this.#rooms.keys()) rows += await checkRoomLog(pool, roomId);
    return rows;
  }

  async #read(pool: pg.Pool, roomId: string): Promise<string> {
    const room = this.#rooms.get(roomId);
    if (!room) return "";
    const { rows } = await pool.query<{ seq: string; payload: Buffer }>(
      "SELECT seq, payload FROM room_update WHERE room_id = $1 AND seq > $2 ORDER BY seq",
      [roomId, room.seq],
    );
    for (const { seq, payload } of rows) {
      if (Number(seq) !== room.seq + 1) throw new Error(`Room ${roomId} has no row ${room.seq + 1}.`);
      room.seq += 1;
      Y.applyUpdate(room.doc, payload);
    }
    return plain(room.doc);
  }
}

/** The words of all clauses, one after the other. */
export function plain(doc: Y.Doc): string {
  return charterTextOf(doc)
    .clauses.map((clause) => clause.body.map((block) => block.text).join("\n"))
    .join("\n");
}
