import { connect, createServer, type Socket } from "node:net";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "#lib/data/store.ts";
import { openMetrics } from "#server/telemetry/metrics.ts";
import { readinessOf } from "#server/telemetry/reach.ts";
import { createListener, silentServer } from "#server/web/listener.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Stage, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ limits: { tickMs: 20 } });
});
afterAll(async () => {
  await stage.end();
});

const isSaved = (tab: Tab) => tab.provider.state.kind === "saved";

/** The doors of a process, as an operator's tools ask them. */
async function openDoors(pool: pg.Pool, isClosing = () => false) {
  const metrics = openMetrics(pool);
  metrics.addRealtime(stage.realtime.figures);
  const isDatabaseReady = readinessOf(pool, 500, 100);
  const listener = createListener({
    pages: undefined,
    upgrades: silentServer(),
    isReady: async () => !isClosing() && (await isDatabaseReady()),
    metrics: async () => ({ contentType: metrics.contentType, text: await metrics.text() }),
    publicUrl: "http://localhost:3000",
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const ask = async (path: string) => (await fetch(`${url}${path}`)).status;
  /** One figure of /metrics, by the words before its value. */
  const read = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split("\n").find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length) ?? Number.NaN);
  };
  return { url, ask, read, close: () => listener.close() };
}

test("/metrics counts what happened: sockets, rooms, edits, batches, refusals, waits, and how long an acknowledgement took", async () => {
  const { url, read, close } = await openDoors(stage.pool);
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const writer = stage.tab(roomId, stage.person("Alice"));
  const reader = stage.tab(roomId, stage.person("Bob", "read"));
  await until(() => isSaved(writer) && reader.provider.state.kind === "read-only");
  for (let word = 0; word < 3; word += 1) {
    writer.type(` w${word}`);
    await until(() => isSaved(writer));
  }
  reader.type(" not mine");
  await until(() => reader.provider.state.kind === "refused");
  expect((await stage.socket(roomId, { ...stage.person("Eve"), userId: "nobody" }).closed).code).toBe(4401);
  await stage.socket(roomId, stage.person("Eve"), { origin: "https://evil.example" }).closed;
  await until(async () => (await read("concordat_realtime_connections")) === 1);
  expect(await read("concordat_realtime_rooms")).toBe(1);
  expect(await read("concordat_realtime_updates_total")).toBe(3);
  expect(await read("concordat_realtime_acknowledged_seconds_count")).toBe(3);
  expect(await read("concordat_realtime_acknowledged_seconds_sum")).toBeGreaterThan(0);
  expect(await read("concordat_realtime_batch_updates_sum")).toBe(3);
  for (const reason of ["read-only", "not-signed-in", "bad-origin"])
    expect(await read(`concordat_realtime_refusals_total{reason="${reason}"}`), reason).toBe(1);
  expect(await read("concordat_realtime_oldest_unacknowledged_seconds")).toBe(0);
  for (const name of ["outages", "debts"]) expect(await read(`concordat_realtime_${name}_total`), name).toBe(0);
  expect(await read("concordat_pool_connections")).toBeGreaterThan(0);
  expect(await read("concordat_pool_waiting")).toBe(0);
  expect(await read("nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain");
  expect(answer.headers.get("cache-control")).toBe("no-store");
  close();
});

test("whoever waits for a connection to the database is seen waiting, and for how long they waited is counted", async () => {
  const store = openStore(stage.database.url, 1);
  const { read, close } = await openDoors(store.pool);
  const held = await store.pool.connect();
  const answered = store.pool.query("SELECT 1");
  await until(async () => (await read("concordat_pool_waiting")) === 1);
  expect(await read("concordat_pool_wait_seconds_count")).toBe(1);
  const since = performance.now();
  await until(() => performance.now() - since > 30);
  held.release();
  await answered;
  expect(await read("concordat_pool_wait_seconds_count")).toBe(2);
  expect(await read("concordat_pool_wait_seconds_sum")).toBeGreaterThan(0.03);
  await store.db.$queryRaw`SELECT 1`;
  expect(await read("concordat_pool_wait_seconds_count")).toBe(3);
  close();
  await store.close();
});

test("an edit that waits for its COMMIT is seen waiting", async () => {
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const tab = stage.tab(roomId, stage.person("Alice"));
  await until(() => isSaved(tab));
  const client = await stage.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM room WHERE id = $1 FOR UPDATE", [roomId]);
  tab.type(" Waiting.");
  await until(async () => (await stage.realtime.figures.oldestUnacknowledgedMs()) > 50);
  await client.query("COMMIT");
  client.release();
  await until(() => isSaved(tab));
  expect(await stage.realtime.figures.oldestUnacknowledgedMs()).toBe(0);
});

test("every line about a connection names it, and none has a word of the draft", async () => {
  const before = stage.logLines.length;
  const roomId = await stage.room(clause("a", "Zanzibar", ["Quinquereme of Nineveh."]));
  const tab = stage.tab(roomId, stage.person("Alice"));
  await until(() => isSaved(tab));
  tab.type(" Sandalwood");
  await until(() => isSaved(tab));
  // Refused by the guard, and by the parser.
  const socket = stage.socket(roomId, stage.person("Mallory"));
  await socket.opened;
  socket.send(Buffer.from("Sandalwood and cedarwood"));
  await socket.closed;
  // Turned away at the door, and by its reason alone.
  await stage.socket(roomId, { ...stage.person("Eve"), userId: "nobody" }).closed;
  tab.leave();
  // Sockets of the tests before may end late.
  const lines = () => stage.logLines.slice(before).filter((line) => line.includes(roomId));
  await until(() => lines().filter((line) => line.includes("ended")).length === 2);
  for (const line of stage.logLines.slice(before)) {
    expect(line).not.toMatch(/zanzibar|quinquereme|nineveh|sandalwood|cedarwood/i);
    if (line.includes("a connection"))
      expect(JSON.parse(line)).toMatchObject({ connection: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  }
  for (const line of lines()) expect(JSON.parse(line)).toMatchObject({ connection: expect.any(String), roomId });
  for (const reason of ["malformed", "not-signed-in"])
    expect(lines().some((line) => line.includes(`"reason":"${reason}"`))).toBe(true);
});

test("an operator reads that upgrades were refused, and a flood of them is a line a minute for each reason", async () => {
  const before = stage.logLines.length;
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const alice = stage.person("Alice");
  const path = `/realtime/${roomId}?clientId=Sandalwood`;
  for (let knock = 0; knock < 5; knock += 1) {
    await stage.socket(roomId, alice, { origin: "https://evil.example" }).closed;
    await stage.socket(roomId, alice, { path }).closed;
  }
  const refused = () => stage.logLines.slice(before).filter((line) => line.includes("before it was looked"));
  // A test before may have been refused for its origin within the same minute.
  const badQuery = refused().filter((line) => line.includes('"reason":"bad-query"'));
  expect(badQuery).toHaveLength(1);
  expect(JSON.parse(badQuery[0] ?? "")).toMatchObject({
    level: "info",
    connection: expect.stringMatching(/^[0-9a-f-]{36}$/),
    status: 400,
    count: 1,
  });
  expect(stage.logLines.some((line) => line.includes('"reason":"bad-origin"'))).toBe(true);
  for (const line of refused()) expect(line).not.toMatch(/127\.0\.0\.1|sandalwood|evil/i);
});

test.each([
  ["takes no writes", "default_transaction_read_only=on"],
  // Not a byte beyond its memory: what a full disk is to a database that has to write.
  ["has no room on its disk", "temp_file_limit=0"],
])("/readyz says no while the database %s", async (_what, setting) => {
  const url = new URL(stage.database.url);
  url.searchParams.set("options", `-c ${setting}`);
  const [well, ill] = [openStore(stage.database.url, 1), openStore(url.href, 1)];
  expect(await readinessOf(well.pool, 60_000)()).toBe(true);
  expect((await ill.pool.query("SELECT 1")).rowCount).toBe(1);
  expect(await readinessOf(ill.pool, 60_000)()).toBe(false);
  await well.close();
  await ill.close();
});

test("however often /readyz is asked, the disk of the database is looked at once in a while, and what was found does not last", async () => {
  let looks = 0;
  let isFull = false;
  const { pool } = stage;
  const counted = {
    query: (text: string) => {
      if (!text.includes("work_mem")) return pool.query(text);
      looks += 1;
      return pool.query(isFull ? `SET LOCAL temp_file_limit = 0; ${text}` : text);
    },
    // Only ever asked with a text.
  } as unknown as pg.Pool;
  const often = readinessOf(counted, 60_000, 3_600_000);
  expect(new Set(await Promise.all(Array.from({ length: 50 }, often)))).toEqual(new Set([true]));
  expect(looks).toBe(1);
  const always = readinessOf(counted, 60_000, 0);
  isFull = true;
  expect(await always()).toBe(false);
  isFull = false;
  expect(await always()).toBe(true);
});

test("/readyz says no while the database is gone or hangs and while a drain is under way, /healthz yes all the time", async () => {
  const target = new URL(stage.database.url);
  const sockets = new Set<Socket>();
  let mode: "open" | "gone" | "hangs" = "open";
  const gate = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    if (mode === "gone") socket.destroy();
    if (mode !== "open") return;
    const onward = connect(Number(target.port), target.hostname);
    onward.on("error", () => {});
    socket.on("close", () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => gate.listen(0, "127.0.0.1", resolve));
  const address = gate.address();
  const url = new URL(target);
  url.port = String(typeof address === "object" ? address?.port : "");
  const store = openStore(url.href, 2);
  const become = (next: typeof mode) => {
    mode = next;
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  let isClosing = false;
  const { ask, close } = await openDoors(store.pool, () => isClosing);
  const says = async () => [await ask("/healthz"), await ask("/readyz")];
  await until(async () => (await ask("/readyz")) === 200, { what: "the server to be ready" });
  expect(await ask("/healthz")).toBe(200);
  become("gone");
  expect(await says()).toEqual([200, 503]);
  become("hangs");
  expect(await says()).toEqual([200, 503]);
  become("open");
  await until(async () => (await ask("/readyz")) === 200, { what: "the server to be ready again" });
  isClosing = true;
  expect(await says()).toEqual([200, 503]);
  close();
  await store.close();
  gate.close();
  become("gone");
});
