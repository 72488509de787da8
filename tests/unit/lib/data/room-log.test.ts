import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { firstFormOfChain, genesisChain, nextChain, sha256, snapshotHash } from "#lib/data/room-chain.ts";
import { checkRoom, checkRooms } from "#lib/data/room-check.ts";
import { loadRoomState, readLog, replay } from "#lib/data/room-log.ts";
import type { Sql } from "#lib/data/room-rows.ts";

type Columns = Record<string, unknown>;
type Tables = {
  readonly room: Columns;
  readonly round: Columns;
  readonly leases: Columns[];
  readonly updates: Columns[];
  readonly snapshots: Columns[];
};

/** A room with seven rows of one user, who holds the clientID 7, and snapshots at its rows 3 and 5, as the database gives them. */
function sample(): { roomId: string; tables: Tables } {
  const roomId = randomUUID();
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 7;
  const updates: Columns[] = [];
  const snapshots: Columns[] = [];
  const userId = randomUUID();
  let chain = genesisChain(roomId);
  doc.on("update", (update: Uint8Array) => {
    const seq = updates.length + 1;
    const origin = { userId, organizationId: randomUUID(), via: "socket" as const };
    chain = nextChain(chain, seq, origin, update);
    updates.push({
      seq: String(seq),
      user_id: origin.userId,
      organization_id: origin.organizationId,
      via: origin.via,
      created_at: new Date(1_760_000_000_000 + seq),
      payload: update,
      sha256: sha256(update),
      chain,
    });
    if (seq !== 3 && seq !== 5) return;
    const state = Y.encodeStateAsUpdate(doc);
    snapshots.unshift({ seq: String(seq), state, sha256: snapshotHash(chain, state) });
  });
  const text = doc.getXmlFragment("charter");
  for (const word of ["one", "two", "three", "four", "five", "six", "seven"]) text.push([new Y.XmlText(word)]);
  const room = {
    id: roomId,
    charter_id: randomUUID(),
    draft_round_id: randomUUID(),
    generation: 1,
    last_seq: String(updates.length),
    last_chain: chain,
    is_closed: false,
    closed_reason: null,
  };
  const round = { charter_id: room.charter_id };
  return { roomId, tables: { room, round, leases: [{ client_id: "7", user_id: userId }], updates, snapshots } };
}

/** Answers the questions of the room log from tables in memory. */
function sqlOn({ room, round, leases, updates, snapshots }: Tables): Sql {
  return {
    async query(text, values = []) {
      if (text.includes("FROM room_update")) {
        const [, after, limit] = values.map(Number);
        return { rows: updates.filter((row) => Number(row.seq) > (after ?? 0)).slice(0, limit) };
      }
      if (text.includes("FROM room_snapshot"))
        return { rows: snapshots.filter((row) => Number(row.seq) <= Number(values[1])).slice(0, Number(values[2])) };
      if (text.includes("FROM draft_round")) return { rows: [round] };
      if (text.includes("FROM client_lease")) return { rows: leases };
      if (text.includes("id > $1")) return { rows: String(values[0]) < String(room.id) ? [{ id: room.id }] : [] };
      return { rows: [room] };
    },
  };
}

/** Every way to flip one bit in a value of a row. */
function flips(value: unknown): unknown[] {
  if (value instanceof Uint8Array)
    return [...Array(value.length * 8).keys()].map((bit) => {
      const copy = Uint8Array.from(value);
      copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      return copy;
    });
  const text = String(value);
  // A number is kept in binary and an id as 16 bytes; what a flipped bit makes of them is another number, another id.
  if (/^\d+$/.test(text)) return [0, 1, 2, 3, 10, 40].map((bit) => String(BigInt(text) ^ (1n << BigInt(bit))));
  return [...text].flatMap((char, at) =>
    /[0-9a-f]/.test(char) && text.length === 36
      ? [1, 2, 4, 8].map(
          (bit) => text.slice(0, at) + (Number.parseInt(char, 16) ^ bit).toString(16) + text.slice(at + 1),
        )
      : text.length === 36
        ? []
        : [1, 2, 4, 8, 16, 32].map(
            (bit) => text.slice(0, at) + String.fromCharCode(char.charCodeAt(0) ^ bit) + text.slice(at + 1),
          ),
  );
}

function withFlip(tables: Tables, table: "updates" | "snapshots", at: number, column: string, value: unknown): Tables {
  const rows = tables[table].map((row, index) => (index === at ? { ...row, [column]: value } : row));
  return { ...tables, [table]: rows };
}

const wordsOf = (state: Uint8Array) => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  return doc.getXmlFragment("charter").toString();
};

describe("the stored text", () => {
  test("44 any flipped bit in any column of a row is found on load, and the text before it is what is shown", async () => {
    const { roomId, tables } = sample();
    let count = 0;
    const withoutSnapshots = { ...tables, snapshots: [] };
    for (const [column, value] of Object.entries(tables.updates[3] ?? {})) {
      // The database's own note of the time, which proves nothing and decides nothing.
      if (column === "created_at") continue;
      for (const flipped of flips(value)) {
        const log = await readLog(sqlOn(withFlip(withoutSnapshots, "updates", 3, column, flipped)), roomId);
        expect(log, `${column}: ${flipped}`).toMatchObject({ isDamaged: true, seq: 3 });
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(900);
  });

  test("44 any flipped bit in a snapshot is found, and the older one or the log gives the same text", async () => {
    const { roomId, tables } = sample();
    const whole = wordsOf((await loadRoomState(sqlOn(tables), roomId)).state);
    let count = 0;
    for (const [column, value] of Object.entries(tables.snapshots[0] ?? {})) {
      for (const flipped of flips(value)) {
        const damaged = withFlip(tables, "snapshots", 0, column, flipped);
        // A snapshot that says to be of a row that is not there yet is not asked for.
        if (column === "seq" && Number(flipped) > 7) continue;
        const log = await readLog(sqlOn(damaged), roomId);
        expect(log, `${column}: ${flipped}`).toMatchObject({ isDamaged: false, seq: 7 });
        expect(log.badSnapshots.length + (column === "seq" ? 1 : 0), `${column}: ${flipped}`).toBeGreaterThan(0);
        expect(replay(log).getXmlFragment("charter").toString()).toBe(whole);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(500);
    const bothDamaged = withFlip(
      withFlip(tables, "snapshots", 0, "state", new Uint8Array(9)),
      "snapshots",
      1,
      "state",
      new Uint8Array(9),
    );
    expect(await readLog(sqlOn(bothDamaged), roomId)).toMatchObject({
      isDamaged: false,
      badSnapshots: [5, 3],
      snapshot: undefined,
    });
  });

  test("a damaged row under a good snapshot does not hide: the check of the whole database names it", async () => {
    const { roomId, tables } = sample();
    const damaged = withFlip(tables, "updates", 1, "payload", new Uint8Array([0, 0]));
    expect((await checkRoom(sqlOn(damaged), roomId)).findings).toEqual([
      `Room ${roomId}: row 2 does not match its hash or the chain.`,
    ]);
    expect((await checkRooms(sqlOn(tables))).findings).toEqual([]);
  });

  test.each([
    [
      "a row that is missing",
      (tables: Tables) => ({ ...tables, updates: tables.updates.filter((_, at) => at !== 2) }),
      "row 3 is missing",
    ],
    [
      "rows cut off the end",
      (tables: Tables) => ({ ...tables, updates: tables.updates.slice(0, 6) }),
      "its head says 7 rows, and there are 6",
    ],
    [
      "a head that was moved back",
      (tables: Tables) => ({ ...tables, room: { ...tables.room, last_seq: "6" } }),
      "its head says 6 rows, and there are 7",
    ],
    [
      "another chain at the head",
      (tables: Tables) => ({ ...tables, room: { ...tables.room, last_chain: new Uint8Array(32) } }),
      "its head does not match the chain",
    ],
    [
      "a snapshot of another text",
      (tables: Tables) => withFlip(tables, "snapshots", 0, "state", new Uint8Array([0, 0])),
      "the snapshot at row 5 does not match its hash",
    ],
    [
      "a snapshot that is no text at all, under a hash of its own",
      (tables: Tables) => {
        const state = new Uint8Array([1, 2, 3]);
        return withFlip(withFlip(tables, "snapshots", 0, "state", state), "snapshots", 0, "sha256", sha256(state));
      },
      "the snapshot at row 5 is not the text of its rows",
    ],
    [
      "a lease that was moved to somebody else",
      (tables: Tables) => ({ ...tables, leases: [{ client_id: "7", user_id: randomUUID() }] }),
      "row 1 writes under clientID 7, which is leased to another user",
    ],
    [
      "a lease that was taken away",
      (tables: Tables) => ({ ...tables, leases: [] }),
      "row 1 writes under clientID 7, which is leased to nobody",
    ],
    [
      "a room that was moved to another charter",
      (tables: Tables) => ({ ...tables, room: { ...tables.room, charter_id: randomUUID() } }),
      "its charter is not that of its draft round",
    ],
    [
      "a row that is no update, under hashes of its own",
      (tables: Tables) => {
        const payload = new Uint8Array([1, 2, 3]);
        const origin = { userId: null, organizationId: null, via: "seed" as const };
        const before = tables.updates.at(-2)?.chain;
        const chain = nextChain(before instanceof Uint8Array ? before : new Uint8Array(), 7, origin, payload);
        const names = { user_id: null, organization_id: null, via: "seed" };
        const last = { ...tables.updates.at(-1), ...names, payload, sha256: sha256(payload), chain };
        return {
          ...tables,
          room: { ...tables.room, last_chain: chain },
          updates: [...tables.updates.slice(0, 6), last],
        };
      },
      "row 7 is as it was written, and no update",
    ],
  ])("the check names %s in one sentence", async (_name, change, sentence) => {
    const { roomId, tables } = sample();
    expect((await checkRoom(sqlOn(change(tables)), roomId)).findings).toContain(`Room ${roomId}: ${sentence}.`);
  });

  test("a lease that is wrong is one sentence, however many rows were written under it", async () => {
    const { roomId, tables } = sample();
    expect((await checkRoom(sqlOn({ ...tables, leases: [] }), roomId)).findings).toHaveLength(1);
  });

  test.each(["seed", "import", "restore"] as const)(
    "what the server itself wrote needs no lease, and who deletes what somebody else wrote needs none of theirs: %s",
    async (via) => {
      const { roomId, tables } = sample();
      const doc = new Y.Doc({ gc: false });
      doc.clientID = 9;
      doc.getXmlFragment("charter").push([new Y.XmlText("one")]);
      const written = Y.encodeStateAsUpdate(doc);
      const before = Y.encodeStateVector(doc);
      doc.getXmlFragment("charter").delete(0, 1);
      const [author, deleter] = [randomUUID(), randomUUID()];
      const rows = [
        // What the room has already may be said again by anybody.
        { user_id: author, via, payload: written },
        { user_id: deleter, via: "socket" as const, payload: written },
        { user_id: deleter, via: "socket" as const, payload: Y.encodeStateAsUpdate(doc, before) },
      ];
      let chain = genesisChain(roomId);
      const updates = rows.map((row, at) => {
        chain = nextChain(chain, at + 1, { userId: row.user_id, organizationId: null, via: row.via }, row.payload);
        return { ...row, seq: String(at + 1), organization_id: null, sha256: sha256(row.payload), chain };
      });
      const room = { ...tables.room, last_seq: "3", last_chain: chain };
      const served = { ...tables, room, updates, snapshots: [], leases: [] };
      expect((await checkRoom(sqlOn(served), roomId)).findings).toEqual([]);
    },
  );

  test("the text as of any row can be drawn, from the nearest snapshot before it", async () => {
    const { roomId, tables } = sample();
    const words = ["one", "two", "three", "four", "five", "six", "seven"];
    for (let at = 1; at <= 7; at += 1) {
      const { state, seq } = await loadRoomState(sqlOn(tables), roomId, at);
      expect(seq).toBe(at);
      expect(wordsOf(state)).toBe(words.slice(0, at).join(""));
    }
  });

  test("a row from before the chain covered organization and way still checks out, and can not be altered into one", async () => {
    const { roomId, tables } = sample();
    const [first] = tables.updates;
    if (!first) throw new Error("There is no row.");
    const payload = first.payload as Uint8Array;
    const oldChain = firstFormOfChain(genesisChain(roomId), 1, String(first.user_id), payload);
    const old = {
      ...tables,
      snapshots: [],
      updates: [{ ...first, chain: oldChain }],
      room: { ...tables.room, last_seq: "1", last_chain: oldChain },
    };
    expect((await checkRoom(sqlOn(old), roomId)).findings).toEqual([]);
    const other = { ...old, updates: [{ ...first, chain: oldChain, user_id: randomUUID() }] };
    expect((await checkRoom(sqlOn(other), roomId)).findings).toHaveLength(1);
  });
});
