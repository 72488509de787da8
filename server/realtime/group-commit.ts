import type pg from "pg";
import type { AppendOutcome, Head, NewUpdate, RoomStore } from "./store.ts";
import { chained } from "./store.ts";

type RoomId = { readonly id: string; readonly generation: number };
type Request = {
  readonly room: RoomId;
  readonly head: Head;
  readonly batch: readonly NewUpdate[];
  readonly stop: AbortSignal;
  readonly resolve: (outcome: AppendOutcome | Promise<AppendOutcome>) => void;
};

/** What one statement carries at most; the rest goes with the next one. */
const updatesMax = 2_000;
/** A statement with so many rows or more says that there is a crowd: the next one then waits for more, up to `lingerMs` after the last one began. */
const crowdedRows = 16;
const lingerMs = 5;

/**
 * One statement and one COMMIT for all rooms that have something to write: one is under way at a time, the next one takes whatever came
 * meanwhile. The rules are those of `RoomStore.append`, row by row: a room whose head moved, that is closed, or whose row somebody else has locked
 * is left out of the statement and goes the way of `append` by itself, which waits, tries again and finds the reason. So does every room of a statement that
 * failed or whose answer was lost; `append` then finds what was committed by its chain, and nothing is written twice.
 */
export class GroupCommit {
  readonly #pool: pg.Pool;
  readonly #store: Pick<RoomStore, "append">;
  #queue: Request[] = [];
  #turns: (() => void)[] = [];
  #isRunning = false;
  /** Before this no statement begins, in ms of `performance.now()`. */
  #nextAt = 0;

  constructor(pool: pg.Pool, store: Pick<RoomStore, "append">) {
    this.#pool = pool;
    this.#store = store;
  }

  /** Resolves when the next statement is put together: what a room has accepted by then can go with it. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#turns.push(resolve);
      if (!this.#isRunning) void this.#run();
    });
  }

  /** The same promise as `RoomStore.append`. */
  append(room: RoomId, head: Head, batch: readonly NewUpdate[], stop: AbortSignal): Promise<AppendOutcome> {
    return new Promise((resolve) => {
      this.#queue.push({ room, head, batch, stop, resolve });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#queue.length > 0 || this.#turns.length > 0) {
      const early = this.#nextAt - performance.now();
      if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
      // Rooms whose frames arrived in the same turn of the event loop share a statement.
      await new Promise((resolve) => setImmediate(resolve));
      for (const begin of this.#turns.splice(0)) begin();
      // They hand in their batches before this goes on.
      await new Promise<void>((resolve) => process.nextTick(resolve));
      const requests = this.#take();
      if (requests.length === 0) continue;
      const written = requests.map(({ head, batch }) => chained(head, batch));
      const rows = written.reduce((sum, of) => sum + of.length, 0);
      this.#nextAt = rows < crowdedRows ? 0 : performance.now() + lingerMs;
      const committed = await this.#commit(requests, written).catch(() => none);
      for (const [at, { room, head, batch, stop, resolve }] of requests.entries()) {
        const last = written[at]?.at(-1);
        if (last && committed.has(room.id)) resolve({ kind: "committed", head: { seq: last.seq, chain: last.chain } });
        else resolve(this.#store.append(room, head, batch, stop));
      }
    }
    this.#isRunning = false;
  }

  #take(): Request[] {
    let updates = 0;
    const end = this.#queue.findIndex((request, at) => {
      updates += request.batch.length;
      return at > 0 && updates > updatesMax;
    });
    return this.#queue.splice(0, end < 0 ? this.#queue.length : end);
  }

  /** The rooms whose batch is committed. Nothing is known of the others, nor of any when this throws. */
  async #commit(
    requests: readonly Request[],
    written: readonly ReturnType<typeof chained>[],
  ): Promise<ReadonlySet<string>> {
    const rows = written.flat();
    const heads = written.map((of) => of.at(-1));
    let from = 1;
    const { rows: done } = await this.#pool.query<{ id: string }>({
      name: "append-rooms",
      text: statement,
      values: [
        listOf(requests.map(({ room }) => room.id)),
        listOf(requests.map(({ room }) => room.generation)),
        listOf(requests.map(({ head }) => head.seq)),
        listOf(heads.map((head) => head?.seq ?? 0)),
        Buffer.concat(heads.map((head) => head?.chain ?? noBytes)),
        listOf(written.flatMap((of, at) => of.map(() => at + 1))),
        listOf(rows.map(({ seq }) => seq)),
        listOf(rows.map(({ userId }) => userId)),
        listOf(rows.map(({ organizationId }) => organizationId)),
        listOf(rows.map(({ via }) => via)),
        listOf(
          rows.map(({ payload }) => {
            from += payload.length;
            return from - payload.length;
          }),
        ),
        listOf(rows.map(({ payload }) => payload.length)),
        Buffer.concat(rows.map(({ payload }) => payload)),
        Buffer.concat(rows.map(({ sha256 }) => sha256)),
        Buffer.concat(rows.map(({ chain }) => chain)),
      ],
    });
    return new Set(done.map(({ id }) => id));
  }
}

const none: ReadonlySet<string> = new Set();
const noBytes = new Uint8Array();

/** Numbers, UUIDs and single words as PostgreSQL writes a list of them; the driver would quote each one. */
function listOf(values: readonly (string | number | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** Bytes travel as one piece for all rows and are cut here: lists of bytes would go as text. Positions count from 1, hashes have 32 bytes. */
const statement = `WITH head AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS h (id, generation, seq, next_seq, at)),
  free AS MATERIALIZED (SELECT id FROM room WHERE id = ANY ($1::uuid[]) FOR NO KEY UPDATE SKIP LOCKED),
  open AS (
    UPDATE room SET last_seq = head.next_seq, last_chain = substring($5::bytea FROM (head.at::int - 1) * 32 + 1 FOR 32)
    FROM head JOIN free ON free.id = head.id
    WHERE room.id = head.id AND room.generation = head.generation AND room.last_seq = head.seq AND room.closed_at IS NULL
      AND EXISTS (SELECT 1 FROM draft_round d WHERE d.id = room.draft_round_id AND d.state = 'DRAFTING')
    RETURNING room.id, head.at),
  added AS (
    INSERT INTO room_update (room_id, seq, user_id, organization_id, via, payload, sha256, chain)
    SELECT open.id, r.seq, r.user_id, r.organization_id, r.via, substring($13::bytea FROM r.first FOR r.bytes),
      substring($14::bytea FROM (r.n::int - 1) * 32 + 1 FOR 32), substring($15::bytea FROM (r.n::int - 1) * 32 + 1 FOR 32)
    FROM unnest($6::int[], $7::bigint[], $8::uuid[], $9::uuid[], $10::text[], $11::int[], $12::int[])
      WITH ORDINALITY AS r (at, seq, user_id, organization_id, via, first, bytes, n)
    JOIN open ON open.at = r.at)
  SELECT id::text AS id FROM open`;
