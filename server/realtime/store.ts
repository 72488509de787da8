import type pg from "pg";
import { chainOver, equal, sha256, snapshotHash } from "#lib/data/room-chain.ts";
import type { RoomLog } from "#lib/data/room-log.ts";
import { readLog, readLogAfter, replay } from "#lib/data/room-log.ts";
import type { Origin, RoomRow } from "#lib/data/room-rows.ts";
import { findRoom } from "#lib/data/room-rows.ts";
import { leasesPerUserMax } from "#lib/protocol/limits.ts";
import { Together } from "./together.ts";

export type { Origin, RoomLog, RoomRow };
export { replay };

/** An update on its way into the log. */
export type NewUpdate = Origin & { readonly payload: Uint8Array };

/** How far a room is committed. */
export type Head = { readonly seq: number; readonly chain: Uint8Array };

/** What the row of a room says. */
export type RoomHead = { readonly seq: number; readonly generation: number; readonly isClosed: boolean };

/** What became of a batch. Only `committed` may be acknowledged. */
export type AppendOutcome =
  | { readonly kind: "committed"; readonly head: Head }
  /** Frozen, or no longer in drafting: the batch will never be taken. */
  | { readonly kind: "closed"; readonly code: "frozen" | "not-drafting" }
  /** Another writer was there first, or the room was restored: load it again. */
  | { readonly kind: "fenced" }
  /** The store was told to stop before the database answered. */
  | { readonly kind: "abandoned" };

/** A clientID at the upgrade: the user's own from now on, somebody else's, or one too many. */
export type LeaseOutcome = "yours" | "taken" | "too-many";

/** Somebody with a clientID at the door of a room. */
type Entrant = {
  readonly roomId: string;
  readonly clientId: number;
  readonly userId: string;
  readonly organizationId: string;
};

/** Whom the store tells of what it gets over by itself. */
export type StoreAlarms = {
  /** The database did not answer; the store tries again. */
  readonly onOutage: (error: unknown) => void;
  /** A snapshot does not match its hash; the room was read from its log. */
  readonly onBadSnapshot: (roomId: string, seq: number) => void;
};

/**
 * The rooms in PostgreSQL. `append` is the only write on the way of an edit: one statement, one round trip, one COMMIT.
 * It goes on through outages until the batch is committed, refused, or `stop` aborts, and never answers before it knows.
 */
export class RoomStore {
  readonly #pool: pg.Pool;
  readonly #alarms: StoreAlarms;
  readonly #entrants = new Together((entrants: readonly Entrant[]) => this.#enterAll(entrants));

  constructor(pool: pg.Pool, alarms: StoreAlarms) {
    this.#pool = pool;
    this.#alarms = alarms;
  }

  findRoom(roomId: string): Promise<RoomRow | undefined> {
    return findRoom(this.#pool, roomId);
  }

  /** The log up to `atSeq`, by default all of it. */
  async readLog(roomId: string, atSeq?: number): Promise<RoomLog> {
    const log = await readLog(this.#pool, roomId, atSeq);
    for (const seq of log.badSnapshots) this.#alarms.onBadSnapshot(roomId, seq);
    return log;
  }

  readLogAfter(roomId: string, head: Head): Promise<Omit<RoomLog, "snapshot" | "badSnapshots">> {
    return readLogAfter(this.#pool, roomId, head);
  }

  /**
   * Commits a batch after `head`. The statement moves the room's head only where it still stands at `head` and the room is open, and
   * inserts only where it moved it: that is the fence between two servers and the end of writing at a freeze.
   */
  async append(
    room: { id: string; generation: number },
    head: Head,
    batch: readonly NewUpdate[],
    stop: AbortSignal,
  ): Promise<AppendOutcome> {
    const rows = chained(head, batch);
    const last = rows.at(-1);
    if (!last) return { kind: "committed", head };
    const next: Head = { seq: last.seq, chain: last.chain };
    const { text, values } = insertOf(room, head, next, rows);
    for (let attempt = 0; !stop.aborted; attempt += 1) {
      try {
        const result = await this.#pool.query({ name: rows.length <= 16 ? `append-${rows.length}` : "", text, values });
        if (result.rowCount === rows.length) return { kind: "committed", head: next };
        return await this.#explain(room, next);
      } catch (error) {
        if (isUniqueViolation(error)) return { kind: "fenced" };
        this.#alarms.onOutage(error);
        await pause(Math.min(2_000, 50 * 2 ** attempt), stop);
        // The statement may have been committed and its answer lost: the chain tells.
        const outcome = await this.#explain(room, next).catch(() => undefined);
        if (outcome && (outcome.kind !== "fenced" || !(await this.#standsAt(room.id, head)))) return outcome;
      }
    }
    return { kind: "abandoned" };
  }

  async #explain(room: { id: string; generation: number }, next: Head): Promise<AppendOutcome> {
    const { rows } = await this.#pool.query<{ chain: Buffer }>(
      "SELECT chain FROM room_update WHERE room_id = $1 AND seq = $2",
      [room.id, next.seq],
    );
    if (rows[0] && Buffer.compare(rows[0].chain, next.chain) === 0) return { kind: "committed", head: next };
    const { rows: found } = await this.#pool.query<{ closed: boolean; drafting: boolean; generation: number }>(
      `SELECT r.closed_at IS NOT NULL AS closed, d.state = 'DRAFTING' AS drafting, r.generation
       FROM room r JOIN draft_round d ON d.id = r.draft_round_id WHERE r.id = $1`,
      [room.id],
    );
    const state = found[0];
    if (!state || state.generation !== room.generation) return { kind: "fenced" };
    if (state.closed) return { kind: "closed", code: "frozen" };
    return state.drafting ? { kind: "fenced" } : { kind: "closed", code: "not-drafting" };
  }

  async #standsAt(roomId: string, head: Head): Promise<boolean> {
    const room = await this.findRoom(roomId).catch(() => undefined);
    return room?.lastSeq === head.seq;
  }

  /** How far rooms are committed, and whether they are closed; rooms that are gone are missing. */
  async headsOf(roomIds: readonly string[]): Promise<ReadonlyMap<string, RoomHead>> {
    const { rows } = await this.#pool.query<{ id: string; seq: string; generation: number; closed: boolean }>(
      "SELECT id, last_seq AS seq, generation, closed_at IS NOT NULL AS closed FROM room WHERE id = ANY($1::uuid[])",
      [roomIds],
    );
    return new Map(
      rows.map(({ id, seq, generation, closed }) => [id, { seq: Number(seq), generation, isClosed: closed }]),
    );
  }

  /** Leases a clientID to a user for good. Of two who ask at once, one gets it. */
  async lease(roomId: string, clientId: number, userId: string, organizationId: string): Promise<LeaseOutcome> {
    const { rows } = await this.#pool.query<{ user_id: string | null }>({
      name: "lease",
      text: `WITH mine AS (
         INSERT INTO client_lease (room_id, client_id, user_id, organization_id)
         SELECT $1::uuid, $2::bigint, $3::uuid, $4::uuid
         WHERE (SELECT count(*) FROM client_lease WHERE room_id = $1::uuid AND user_id = $3::uuid) < $5::int
         ON CONFLICT DO NOTHING RETURNING user_id)
       SELECT user_id FROM mine UNION ALL SELECT user_id FROM client_lease WHERE room_id = $1::uuid AND client_id = $2::bigint`,
      values: [roomId, clientId, userId, organizationId, leasesPerUserMax],
    });
    if (rows.length === 0)
      return (await this.#isLeased(roomId, clientId))
        ? this.lease(roomId, clientId, userId, organizationId)
        : "too-many";
    return rows[0]?.user_id === userId ? "yours" : "taken";
  }

  /** Leases a clientID at the upgrade and gives all that the user holds in the room; many who come at once share a statement. */
  enter(one: Entrant): Promise<{ readonly outcome: LeaseOutcome; readonly held: readonly number[] }> {
    return this.#entrants.ask(one);
  }

  async #enterAll(entrants: readonly Entrant[]) {
    // In one order for all who write at once, so that no two statements wait for each other.
    const { rows } = await this.#pool.query<{ owner: string | null; held: string[] }>({
      name: "enter",
      text: `WITH asked AS MATERIALIZED (
          SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[]) WITH ORDINALITY AS a (room_id, client_id, user_id, organization_id, at)),
        added AS (
          INSERT INTO client_lease (room_id, client_id, user_id, organization_id)
          SELECT DISTINCT ON (room_id, client_id) room_id, client_id, user_id, organization_id FROM asked
          WHERE (SELECT count(*) FROM client_lease l WHERE l.room_id = asked.room_id AND l.user_id = asked.user_id) < $5::int
          ORDER BY room_id, client_id, at
          ON CONFLICT DO NOTHING RETURNING room_id, client_id, user_id)
        SELECT coalesce(added.user_id, l.user_id)::text AS owner,
          ARRAY(SELECT h.client_id::text FROM client_lease h WHERE h.room_id = asked.room_id AND h.user_id = asked.user_id) AS held
        FROM asked
        LEFT JOIN added ON added.room_id = asked.room_id AND added.client_id = asked.client_id
        LEFT JOIN client_lease l ON l.room_id = asked.room_id AND l.client_id = asked.client_id
        ORDER BY asked.at`,
      values: [
        entrants.map(({ roomId }) => roomId),
        entrants.map(({ clientId }) => clientId),
        entrants.map(({ userId }) => userId),
        entrants.map(({ organizationId }) => organizationId),
        leasesPerUserMax,
      ],
    });
    return Promise.all(
      entrants.map(async ({ roomId, clientId, userId, organizationId }, at) => {
        const { owner = null, held = [] } = rows[at] ?? {};
        // Nobody's: one too many, or somebody else was faster within this moment.
        if (owner === null)
          return {
            outcome: await this.lease(roomId, clientId, userId, organizationId),
            held: held.map(Number),
          };
        const outcome: LeaseOutcome = owner === userId ? "yours" : "taken";
        return { outcome, held: held.map(Number) };
      }),
    );
  }

  /** Ends leases of clientIDs under which nothing was ever written. */
  async endLeases(roomId: string, userId: string, clientIds: readonly number[]): Promise<void> {
    await this.#pool.query(
      "DELETE FROM client_lease WHERE room_id = $1::uuid AND user_id = $2::uuid AND client_id = ANY($3::bigint[])",
      [roomId, userId, clientIds],
    );
  }

  /** Whether a clientID was leased to this user; text whose clientID is leased to nobody is nobody's to go on with. */
  async leaseOf(roomId: string, clientId: number, userId: string): Promise<LeaseOutcome> {
    return (await this.#holderOf(roomId, clientId)) === userId ? "yours" : "taken";
  }

  async #isLeased(roomId: string, clientId: number): Promise<boolean> {
    return (await this.#holderOf(roomId, clientId)) !== undefined;
  }

  async #holderOf(roomId: string, clientId: number): Promise<string | undefined> {
    const { rows } = await this.#pool.query<{ user_id: string }>(
      "SELECT user_id FROM client_lease WHERE room_id = $1 AND client_id = $2",
      [roomId, clientId],
    );
    return rows[0]?.user_id;
  }

  /** Writes the state of a room as of `at`. One that is there already, and was found wanting, is replaced: the log is what counts. */
  async insertSnapshot(roomId: string, at: Head, state: Uint8Array): Promise<void> {
    await this.#pool.query(
      `INSERT INTO room_snapshot (room_id, seq, state, sha256) VALUES ($1, $2, $3, $4)
       ON CONFLICT (room_id, seq) DO UPDATE SET state = excluded.state, sha256 = excluded.sha256`,
      [roomId, at.seq, Buffer.from(state), Buffer.from(snapshotHash(at.chain, state))],
    );
  }

  /** Whether the snapshot as of `at` is there, byte for byte. */
  async holdsSnapshot(roomId: string, at: Head, state: Uint8Array): Promise<boolean> {
    const { rows } = await this.#pool.query<{ state: Buffer; sha256: Buffer }>(
      "SELECT state, sha256 FROM room_snapshot WHERE room_id = $1 AND seq = $2",
      [roomId, at.seq],
    );
    const row = rows[0];
    return row !== undefined && equal(row.state, state) && equal(row.sha256, snapshotHash(at.chain, state));
  }

  /** A snapshot that no text can be made of, though it is as it was written: the next load reads the log instead. */
  async rejectSnapshot(roomId: string, seq: number): Promise<void> {
    this.#alarms.onBadSnapshot(roomId, seq);
    await this.removeSnapshot(roomId, seq).catch((error: unknown) => this.#alarms.onOutage(error));
  }

  async removeSnapshot(roomId: string, seq: number): Promise<void> {
    await this.#pool.query("DELETE FROM room_snapshot WHERE room_id = $1 AND seq = $2", [roomId, seq]);
  }
}

type Row = NewUpdate & Head & { readonly sha256: Uint8Array };

/** A batch as rows of the log, each with its hash and the chain. */
export function chained(head: Head, batch: readonly NewUpdate[]): Row[] {
  let { seq, chain } = head;
  return batch.map((update) => {
    seq += 1;
    const payloadSha256 = sha256(update.payload);
    chain = chainOver(chain, seq, update, payloadSha256);
    return { ...update, seq, chain, sha256: payloadSha256 };
  });
}

function insertOf(
  room: { id: string; generation: number },
  head: Head,
  next: Head,
  rows: readonly Row[],
): { text: string; values: unknown[] } {
  const values: unknown[] = [room.id, room.generation, head.seq, next.seq, next.chain];
  const tuples = rows.map((row) => {
    const at = values.push(row.seq, row.userId, row.organizationId, row.via, row.payload, row.sha256, row.chain) - 6;
    return `($${at}::bigint, $${at + 1}::uuid, $${at + 2}::uuid, $${at + 3}::text, $${at + 4}::bytea, $${at + 5}::bytea, $${at + 6}::bytea)`;
  });
  const text = `WITH open AS (
      UPDATE room SET last_seq = $4::bigint, last_chain = $5::bytea
      WHERE id = $1::uuid AND generation = $2::int AND last_seq = $3::bigint AND closed_at IS NULL
        AND EXISTS (SELECT 1 FROM draft_round d WHERE d.id = room.draft_round_id AND d.state = 'DRAFTING')
      RETURNING id)
    INSERT INTO room_update (room_id, seq, user_id, organization_id, via, payload, sha256, chain)
    SELECT open.id, v.* FROM open, (VALUES ${tuples.join(", ")}) v`;
  return { text, values };
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "23505";
}

function pause(ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    stop?.addEventListener("abort", end);
  });
}
