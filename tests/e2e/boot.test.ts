import { readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "#lib/data/store.ts";
import { findCluster } from "#server/database/embedded.ts";
import { startServer, type TestServer } from "#tests/support/server.ts";
import { until } from "#tests/support/until.ts";

let server: TestServer;

beforeAll(async () => {
  server = await startServer({}, { world: "new" });
});
afterAll(async () => {
  await server.remove();
});

test("a start ends in at most ten lines that say where to go, who to be, where the data lie and how to stop", async () => {
  const last = "  Stop      Ctrl-C\n";
  // It answers a moment before it says so, and may have something to log right after.
  await until(() => server.output().includes(last), { what: "the last line of the start" });
  const end = server.output().split(last)[0]?.split("\n\n").at(-1) + last;
  expect(end.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
  expect(end).toContain(`Address   ${server.url}`);
  expect(end).toMatch(/Sign in {3}.*\n.*Mail.*\n.*Data.*\n.*Stop/);
});

test("a newcomer finds four charters in four states, a list with a withdrawal, a dispute that was settled and a correction", async () => {
  const cluster = await findCluster(server.dataFolder);
  if (!cluster) throw new Error("The server runs without its database.");
  const store = openStore(await cluster.database("concordat"), 2);
  const { db } = store;
  expect(await db.organization.count()).toBe(40);
  const rounds = await db.draftRound.groupBy({ by: ["state"], _count: true, orderBy: { state: "asc" } });
  expect(rounds.map((one) => [one.state, one._count])).toEqual([
    ["ABANDONED", 1],
    ["ADOPTED", 3],
    ["DRAFTING", 1],
  ]);
  const versions = await db.charterVersion.findMany({
    where: { charter: { visibility: "PUBLIC" } },
    orderBy: { number: "asc" },
  });
  expect(versions.map((one) => [one.number, one.state])).toEqual([
    [1, "SUPERSEDED"],
    [2, "IN_EFFECT"],
  ]);
  const onFirst = await db.signature.groupBy({
    by: ["status"],
    where: { version: { number: 1, state: "SUPERSEDED" } },
    _count: true,
    orderBy: { status: "asc" },
  });
  expect(onFirst.map((one) => one.status)).toEqual(["EFFECTIVE", "WITHDRAWN"]);
  expect(onFirst[0]?._count).toBeGreaterThan(30);
  expect(await db.signature.count({ where: { status: "SEALED" } })).toBe(6);
  const kinds = await db.act.groupBy({
    by: ["kind"],
    where: { kind: { in: ["dispute", "dispute-settled", "correct"] } },
  });
  expect(kinds).toHaveLength(3);
  await store.close();
});

test("it is alive and ready", async () => {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
});

test("the figures of the rooms are at /metrics for this machine, and for nobody who comes through a proxy", async () => {
  const answer = await fetch(`${server.url}/metrics`);
  expect(answer.status).toBe(200);
  const named = new Set([...(await answer.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  for (const name of [
    "concordat_realtime_connections",
    "concordat_realtime_rooms",
    "concordat_realtime_acknowledged_seconds",
    "concordat_realtime_batch_updates",
    "concordat_realtime_refusals_total",
    "concordat_realtime_oldest_unacknowledged_seconds",
    "concordat_pool_waiting",
    "concordat_pool_wait_seconds",
    "nodejs_eventloop_lag_seconds",
  ])
    expect(named, name).toContain(name);
  const proxied = await fetch(`${server.url}/metrics`, { headers: { "x-forwarded-for": "192.0.2.7" } });
  expect(proxied.status).toBe(404);
});

test("a browser that comes by number is sent to the name that cookies and passkeys are bound to", async () => {
  const answer = await fetch(`http://127.0.0.1:${server.port}/charters?q=x`, {
    headers: { accept: "text/html" },
    redirect: "manual",
  });
  expect([answer.status, answer.headers.get("location")]).toEqual([307, `${server.url}/charters?q=x`]);
});

test.each([
  ["an absolute target", "GET http://169.254.169.254/ HTTP/1.1", "400"],
  ["a target that names another server", "GET //example.org/ HTTP/1.1", "400"],
  [
    "an upgrade with an absolute target",
    "GET http://169.254.169.254/ HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket",
    "400",
  ],
  ["an upgrade that is no drafting room", "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket", "404"],
])("%s never reaches the pages (T-absform)", async (_what, request, status) => {
  expect(await raw(`${request}\r\nHost: localhost:${server.port}\r\n\r\n`)).toMatch(
    new RegExp(`^HTTP/1\\.1 ${status} `),
  );
});

test("a second start on the same data folder says so and ends", async () => {
  const second = await startServer({}, { dataFolder: server.dataFolder, wait: false });
  expect(await second.ended).toBe(1);
  expect(second.output().trim()).toMatch(/^Another Concordat \(process \d+\) already runs on [^\n]+\.$/);
});

test("a busy port is said in one sentence", async () => {
  const taken = await startServer({ PORT: String(server.port) }, { wait: false });
  expect(await taken.ended).toBe(1);
  expect(taken.output().trim()).toBe(
    `Port ${server.port} is in use; stop what listens there, or set PORT to another one.`,
  );
  await taken.remove();
});

test.each([
  ["a wrong variable", { DEMO: "maybe" }, /^DEMO must be 0 or 1\.$/],
  [
    "a database that does not answer",
    { DATABASE_URL: "postgresql://someone:secret@127.0.0.1:1/x", DEMO: "1" },
    /^The database at 127\.0\.0\.1:1 cannot be used: [^\n]+\.$/,
  ],
])("%s is said in one sentence, without a stack and without a secret", async (_what, variables, sentence) => {
  const failing = await startServer(variables, { wait: false });
  expect(await failing.ended).toBe(1);
  expect(failing.output().trim()).toMatch(sentence);
  expect(failing.output()).not.toContain("secret");
  await failing.remove();
});

test("a data folder that cannot be used is said in one sentence", async () => {
  const file = join(tmpdir(), `concordat-no-folder-${process.pid}`);
  await writeFile(file, "not a folder");
  const failing = await startServer({ CONCORDAT_DATA: file }, { wait: false });
  expect(await failing.ended).toBe(1);
  expect(failing.output().trim()).toBe(`The data folder ${file} cannot be used: it cannot be written to.`);
  await failing.remove();
  await rm(file, { force: true });
});

test("killed without warning it comes up again on the same data, on the PostgreSQL that lived on", async () => {
  const first = await startServer();
  const { dataFolder } = first;
  const secret = await readFile(join(dataFolder, "secret"), "utf8");
  await first.stop("SIGKILL");
  const second = await startServer({}, { dataFolder });
  expect(await readFile(join(dataFolder, "secret"), "utf8")).toBe(secret);
  expect(second.output()).not.toContain("Filling the demo world");
  await second.remove();
});

test("SIGTERM drains: the process ends by itself and takes its PostgreSQL along", async () => {
  const drained = await startServer();
  const { dataFolder } = drained;
  expect(await drained.stop("SIGTERM")).toBe(0);
  await expect(readFile(join(dataFolder, "lock"))).rejects.toThrow();
  await expect(readFile(join(dataFolder, "postgresql", "postmaster.pid"))).rejects.toThrow();
  await until(() => isFree(drained.port), { what: "the port to be free" });
  await drained.remove();
});

/** The first bytes answered to a request as given, which no HTTP library would send. */
async function raw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => socket.write(request));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (answer.includes("\r\n")) socket.destroy();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}
