import { connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "#lib/data/store.ts";
import { openMetrics } from "#server/telemetry/metrics.ts";
import { answers } from "#server/telemetry/reach.ts";
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

test("the figures count what happened: sockets, rooms, edits, refusals, and how long an acknowledgement took", async () => {
  const metrics = openMetrics(stage.pool);
  metrics.addRealtime(stage.realtime.figures);
  const read = async (name: string) =>
    Number(new RegExp(`^${name.replace(/[{}"]/g, "\\$&")} (\\S+)$`, "m").exec(await metrics.text())?.[1] ?? Number.NaN);
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
  await until(async () => (await read("concordat_realtime_connections")) === 1);
  expect(await read("concordat_realtime_rooms")).toBe(1);
  expect(await read("concordat_realtime_updates_total")).toBe(3);
  expect(await read("concordat_realtime_acknowledged_seconds_count")).toBe(3);
  expect(await read("concordat_realtime_batch_updates_sum")).toBe(3);
  expect(await read('concordat_realtime_refusals_total{reason="read-only"}')).toBe(1);
  expect(await read("concordat_realtime_oldest_unacknowledged_seconds")).toBe(0);
  expect(await read("concordat_pool_connections")).toBeGreaterThan(0);
  expect(await read("nodejs_eventloop_lag_seconds")).toBeGreaterThanOrEqual(0);
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
  tab.leave();
  const lines = () => stage.logLines.slice(before);
  await until(() => lines().filter((line) => line.includes("ended")).length === 2);
  for (const line of lines()) {
    expect(line).not.toMatch(/zanzibar|quinquereme|nineveh|sandalwood|cedarwood/i);
    expect(JSON.parse(line)).toMatchObject({ connection: expect.stringMatching(/^[0-9a-f-]{36}$/), roomId });
  }
  expect(lines().some((line) => line.includes('"reason":"malformed"'))).toBe(true);
});

test("a server is not ready while its database is gone or hangs, and is again when it is back", async () => {
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
  expect(await answers(store.pool)).toBe(true);
  become("gone");
  expect(await answers(store.pool)).toBe(false);
  become("hangs");
  expect(await answers(store.pool, 200)).toBe(false);
  become("open");
  await until(() => answers(store.pool));
  await store.close();
  gate.close();
  become("gone");
});
