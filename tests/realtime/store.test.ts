import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as Y from "yjs";
import { checkRoom, checkRoomLog, RoomDamaged } from "#lib/data/room-check.ts";
import { appendServerUpdate, loadRoomState } from "#lib/data/room-log.ts";
import { charterTextOf } from "#lib/editor/clauses.ts";
import type { Access } from "#server/realtime/access.ts";
import { attachRealtime } from "#server/realtime/attach.ts";
import type { RealtimeDeps } from "#server/realtime/deps.ts";
import { origin, typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Person, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
});

const isSaved = (tab: Tab) => tab.provider.state.kind === "saved";

/** A room with a dozen updates in its log, nobody in it, and nothing of it in memory. */
async function writtenRoom(): Promise<string> {
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const tab = stage.tab(roomId, stage.person("Alice"));
  await until(() => isSaved(tab));
  for (let word = 0; word < 11; word += 1) {
    tab.type(` w${word}`);
    await until(() => isSaved(tab));
  }
  tab.leave();
  await stage.restart();
  return roomId;
}

/** Changes what the database itself would not let anyone change. */
async function tamper(sql: string, values: unknown[]): Promise<void> {
  const client = await stage.pool.connect();
  try {
    await client.query("SET session_replication_role = replica");
    await client.query(sql, values);
  } finally {
    await client.query("SET session_replication_role = DEFAULT");
    client.release();
  }
}

describe("the log of a room", () => {
  test("a past state can be drawn, and the whole log checks out", async () => {
    const roomId = await writtenRoom();
    expect(await checkRoomLog(stage.pool, roomId)).toBe(12);
    expect((await loadRoomState(stage.pool, roomId, 3)).seq).toBe(3);
    expect((await loadRoomState(stage.pool, roomId)).seq).toBe(12);
  });

  test("any flipped bit in any column of a row is found: seq, user, payload, hash, chain", async () => {
    const roomId = await writtenRoom();
    const { rows } = await stage.pool.query<{ length: number }>(
      "SELECT length(payload) AS length FROM room_update WHERE room_id = $1 AND seq = 5",
      [roomId],
    );
    const bits = [...Array((rows[0]?.length ?? 0) * 8).keys()].map((bit) => ["payload", bit] as const);
    const hashes = [0, 77, 255].flatMap((bit) => [["sha256", bit] as const, ["chain", bit] as const]);
    for (const [column, bit] of [...bits, ...hashes]) {
      const flip = `UPDATE room_update SET ${column} = set_bit(${column}, $2, 1 - get_bit(${column}, $2)) WHERE room_id = $1 AND seq = 5`;
      await tamper(flip, [roomId, bit]);
      await expect(loadRoomState(stage.pool, roomId), `${column} ${bit}`).rejects.toThrow(RoomDamaged);
      await tamper(flip, [roomId, bit]);
    }
    await tamper("UPDATE room_update SET user_id = gen_random_uuid() WHERE room_id = $1 AND seq = 5", [roomId]);
    await expect(checkRoomLog(stage.pool, roomId)).rejects.toMatchObject({ goodSeq: 4 });
  });

  test("44 a damaged room opens read-only at its last good row, says so, and raises an alarm", async () => {
    const roomId = await writtenRoom();
    await tamper(
      "UPDATE room_update SET payload = set_bit(payload, 9, 1 - get_bit(payload, 9)) WHERE room_id = $1 AND seq = 6",
      [roomId],
    );
    const tab = stage.tab(roomId, stage.person("Bob"));
    await until(() => tab.provider.state.kind === "read-only");
    expect(tab.events.find((event) => event.event === "damaged")).toEqual({ event: "damaged", seq: 5 });
    expect(tab.text().clauses[0]?.body[0]?.text).toBe("We report. w0 w1 w2 w3");
    expect(stage.logs.some((line) => line.includes("damaged"))).toBe(true);
  });

  test("a row that was cut off the end is found", async () => {
    const roomId = await writtenRoom();
    await tamper("DELETE FROM room_update WHERE room_id = $1 AND seq = 12", [roomId]);
    await expect(checkRoomLog(stage.pool, roomId)).rejects.toMatchObject({ goodSeq: 11 });
    await expect(loadRoomState(stage.pool, roomId)).rejects.toThrow(RoomDamaged);
  });

  test("a lease that was moved or deleted is found, and a room that was moved to another charter", async () => {
    const roomId = await writtenRoom();
    const findings = async () => (await checkRoom(stage.pool, roomId)).findings.join(" ");
    expect(await findings()).toBe("");
    await tamper("UPDATE client_lease SET user_id = gen_random_uuid() WHERE room_id = $1", [roomId]);
    expect(await findings()).toMatch(/^Room \S+: row 2 writes under clientID \d+, which is leased to another user\.$/);
    await tamper("DELETE FROM client_lease WHERE room_id = $1", [roomId]);
    expect(await findings()).toMatch(/^Room \S+: row 2 writes under clientID \d+, which is leased to nobody\.$/);
    await tamper("UPDATE room SET charter_id = gen_random_uuid() WHERE id = $1", [roomId]);
    expect(await findings()).toContain(`Room ${roomId}: its charter is not that of its draft round.`);
  });

  test("nobody changes or removes a row, not even the application", async () => {
    const roomId = await writtenRoom();
    await expect(stage.pool.query("UPDATE room_update SET via = 'seed' WHERE room_id = $1", [roomId])).rejects.toThrow(
      "append-only",
    );
    await expect(stage.pool.query("DELETE FROM room_update WHERE room_id = $1", [roomId])).rejects.toThrow(
      "append-only",
    );
  });
});

/** Words of one person, each a row of its own. */
async function writeRows(roomId: string, { userId, organizationId }: Person, count: number): Promise<void> {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, (await loadRoomState(stage.pool, roomId)).state);
  for (let word = 0; word < count; word += 1) {
    const before = Y.encodeStateVector(doc);
    typeIn(doc, ` w${word}`);
    const update = Y.encodeStateAsUpdate(doc, before);
    await appendServerUpdate(stage.pool, roomId, update, { userId, organizationId, via: "restore" });
  }
}

test("a snapshot is taken when a room pauses, spares the log's reading, and a flipped bit in it is found", async () => {
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const alice = stage.person("Alice");
  await writeRows(roomId, alice, 520);
  const tab = stage.tab(roomId, alice);
  await until(() => isSaved(tab));
  tab.type(" At last.");
  await until(() => isSaved(tab));
  const text = tab.text();
  tab.leave();
  const snapshots = async () =>
    (await stage.pool.query("SELECT seq FROM room_snapshot WHERE room_id = $1", [roomId])).rows;
  await until(async () => (await snapshots()).length === 1, { what: "a snapshot" });
  const { state } = await loadRoomState(stage.pool, roomId);
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  expect(charterTextOf(doc)).toEqual(text);
  expect(await checkRoomLog(stage.pool, roomId)).toBe(522);
  await tamper("UPDATE room_snapshot SET state = set_bit(state, 500, 1 - get_bit(state, 500)) WHERE room_id = $1", [
    roomId,
  ]);
  await expect(checkRoomLog(stage.pool, roomId)).rejects.toThrow(RoomDamaged);
  // The log has everything: the room opens as if there had been no snapshot, and somebody is told.
  await stage.restart();
  const after = stage.tab(roomId, stage.person("Bob"));
  await until(() => isSaved(after));
  expect(after.text()).toEqual(text);
  expect(stage.logs.some((line) => line.includes("a snapshot of a room is damaged"))).toBe(true);
  after.type(" Still open.");
  await until(() => isSaved(after));
  after.leave();
});

/** Another realtime server on the same database, where everybody is `person`. */
async function openSecond(person: Person, given: Partial<RealtimeDeps> = {}) {
  const access: Access = { actor: person, sessionId: person.userId, mode: "write" };
  const http = createServer();
  const second = await attachRealtime(http, {
    pool: stage.pool,
    allowedOrigins: [origin],
    clock: Date.now,
    recordHistory: async () => undefined,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    authorize: async () => access,
    sessionOf: (request) => request.headers.cookie,
    accessNow: async (held) => held.map(() => access),
    ...given,
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/realtime`;
  return { http, second, url };
}

test("two servers on one database never fork a room: the loser loads it again, and no word is lost", async () => {
  const people = { cookie: stage.person("Alice"), other: stage.person("Bob") };
  const { http, second, url } = await openSecond(people.other);
  const roomId = await stage.room(clause("a", "Report", ["Start."]));
  const one = stage.tab(roomId, people.cookie);
  const two = stage.tab(roomId, people.other, { url });
  await until(() => isSaved(one) && isSaved(two));
  for (let word = 0; word < 20; word += 1) {
    one.type(` a${word}`);
    two.type(` b${word}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await until(() => isSaved(one) && isSaved(two), { what: "both to be saved" });
  const text = JSON.stringify(await storedText(stage.pool, roomId));
  for (let word = 0; word < 20; word += 1) {
    expect(text).toContain(` a${word}`);
    expect(text).toContain(` b${word}`);
  }
  expect(await checkRoomLog(stage.pool, roomId)).toBeGreaterThan(2);
  one.leave();
  two.leave();
  await second.close();
  http.close();
});

test("a history that comes to no end does not keep a server from stopping, and every word is saved", async () => {
  const person = stage.person("Carol");
  const { http, second, url } = await openSecond(person, {
    recordHistory: () => new Promise(() => {}),
    limits: { lastHistoriesMsMax: 100 },
  });
  const roomId = await stage.room(clause("a", "Report", ["Start."]));
  const tab = stage.tab(roomId, person, { url });
  await until(() => isSaved(tab));
  tab.type(" Kept.");
  await until(() => isSaved(tab));
  await second.close();
  http.closeAllConnections();
  http.close();
  tab.leave();
  expect(JSON.stringify(await storedText(stage.pool, roomId))).toContain(" Kept.");
});
