/**
 * `npm run bench:realtime [-- what …] [--short]`: our server, sign-in, guard, log and COMMIT all on, beside Hocuspocus 3.4 with its database
 * extension on the same PostgreSQL and y-websocket 2.1's own server. The sides take turns; a figure is the median of its rounds. `what` is
 * any of the measures and servers below; all of them when nothing is given. `--short` measures once and briefly, to see that it runs.
 * Load is bounded in count and in time, and only ever on 127.0.0.1.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { latency, saturate } from "./measures.ts";
import { type Running, type ServerName, serverNames, startServer } from "./servers.ts";
import { Table } from "./table.ts";
import { paperText } from "./texts.ts";
import { ignoreAnswers, openCold, storm, weigh } from "./visits.ts";
import { openWorld, type World } from "./world.ts";

const measures = ["latency", "20x5", "20x5-eight", "1x100", "cold", "memory", "slow", "storm"] as const;
type Measure = (typeof measures)[number];

const isShort = process.argv.includes("--short");
const asked = process.argv.slice(2).filter((word) => word !== "--short");
const unknown = asked.find((word) => ![...measures, ...serverNames].some((name) => name === word));
if (unknown)
  throw new Error(`There is no ${unknown}; there are ${[...measures, ...serverNames, "--short"].join(", ")}.`);
const wanted = <T extends string>(names: readonly T[]) =>
  names.some((name) => asked.includes(name)) ? names.filter((name) => asked.includes(name)) : [...names];
const servers = wanted(serverNames);

/** How often each measurement is made; a start of a server is part of it. */
const rounds: Readonly<Record<Measure, number>> = {
  latency: 2,
  "20x5": 3,
  "20x5-eight": 3,
  "1x100": 2,
  cold: 5,
  memory: 1,
  slow: 1,
  storm: 1,
};

const table = new Table();

installPeers();
const world = await openWorld();
try {
  for (const measure of wanted(measures))
    for (let round = 0; round < (isShort ? 1 : rounds[measure]); round += 1)
      for (const name of servers) await run(measure, name, world);
} finally {
  await world.close();
}
console.log(table.text());

async function run(measure: Measure, name: ServerName, at: World): Promise<void> {
  switch (measure) {
    case "latency":
      return withServer(name, at, (server) => runLatency(server, at));
    case "20x5":
      return withServer(name, at, (server) =>
        runSaturation(measure, { rooms: 20, clients: 5, window: 32 }, server, at),
      );
    case "20x5-eight":
      return withServer(name, at, (server) => runSaturation(measure, { rooms: 20, clients: 5, window: 8 }, server, at));
    case "1x100":
      return withServer(name, at, (server) =>
        runSaturation(measure, { rooms: 1, clients: 100, window: 4 }, server, at),
      );
    case "cold":
      return runCold(name, at);
    case "memory":
      return withServer(name, at, (server) => runMemory(server, at));
    case "slow":
      return withServer(name, at, async (server) =>
        table.note("a reader that does not read, MB", name, (await ignoreAnswers(at, server)) / 1e6, {
          digits: 1,
          goal: "≤ 16",
        }),
      );
    default:
      return runStorm(name, at);
  }
}

async function withServer(name: ServerName, at: World, measure: (server: Running) => Promise<void>): Promise<void> {
  const server = await startServer(name, at);
  try {
    await measure(server);
  } finally {
    await server.stop();
  }
}

async function runLatency(server: Running, at: World): Promise<void> {
  const ms = isShort ? 2_000 : 8_000;
  const { peer, taken } = await latency(at, server, { rooms: 20, clients: 5, perSecond: 8, ms });
  const { name } = server;
  table.note("20 × 5 × 8/s: edit to peer, p50 ms", name, peer.p50, { digits: 1, goal: "≤ 10" });
  table.note("20 × 5 × 8/s: edit to peer, p99 ms", name, peer.p99, { digits: 1, goal: "≤ 50" });
  if (!taken) return;
  table.note("20 × 5 × 8/s: edit acknowledged, p50 ms", name, taken.p50, { digits: 1, goal: "≤ 10" });
  table.note("20 × 5 × 8/s: edit acknowledged, p99 ms", name, taken.p99, { digits: 1, goal: "≤ 50" });
}

async function runSaturation(
  measure: "20x5" | "20x5-eight" | "1x100",
  shape: { rooms: number; clients: number; window: number },
  server: Running,
  at: World,
): Promise<void> {
  const times = isShort ? { warmMs: 1_500, ms: 2_000 } : { warmMs: 15_000, ms: 5_000 };
  const done = await saturate(at, server, { ...shape, ...times });
  const { name } = server;
  const goal = measure === "1x100" ? "≥ 1, ≥ 6" : "≥ 2, ≥ 3.5";
  table.note(`${measure}: deliveries per CPU second`, name, done.perCpuSecond, { goal });
  table.note(`${measure}: the same, PostgreSQL counted`, name, done.perCpuSecondWithDatabase);
  table.note(`${measure}: deliveries per second`, name, done.perSecond);
  table.note(`${measure}: CPUs of the server`, name, done.serverCpu, { digits: 2 });
  table.note(`${measure}: CPUs of the driver`, name, done.driverCpu, { digits: 2 });
}

async function runCold(name: ServerName, at: World): Promise<void> {
  // y-websocket's server keeps nothing that it could open.
  const paper = name === "y-websocket" ? undefined : paperText();
  if (!paper) return;
  const { cold, edit, warm } = await openCold(at, name, paper);
  table.note("259,778 keystrokes opened after a start, ms", name, cold, { goal: "≤ Hocuspocus" });
  table.note("… and its first edit to a peer, ms", name, edit, { digits: 1 });
  table.note("259,778 keystrokes opened warm, ms", name, warm, { digits: 1, goal: "≤ 15" });
}

async function runMemory(server: Running, at: World): Promise<void> {
  const { name } = server;
  const settleMs = isShort || name !== "concordat" ? 2_000 : 18_000;
  const { connection, room, connectionHeap, roomHeap } = await weigh(at, server, settleMs);
  table.note("an idle connection, KB of heap and buffers", name, connectionHeap / 1024, { digits: 1, goal: "≤ 25" });
  table.note("a small open room, KB of heap and buffers", name, roomHeap / 1024, { digits: 1, goal: "≤ 30" });
  // What the process holds beside goes up and down with what it has thrown away.
  table.note("an idle connection, KB of the process", name, connection / 1024, { digits: 1 });
  table.note("a small open room, KB of the process", name, room / 1024, { digits: 1 });
}

async function runStorm(name: ServerName, at: World): Promise<void> {
  if (name === "y-websocket") return;
  const { seconds, failures, grown } = await storm(at, name);
  table.note("2,000 clients back in step after a start, s", name, seconds, { digits: 1, goal: "≤ 10" });
  table.note("… tries that failed on the way", name, failures);
  if (name === "concordat") table.note("… bytes added to the log", name, grown, { goal: "0" });
}

/** The peers are packages of this folder alone. */
function installPeers(): void {
  const folder = join("bench", "realtime", "peers");
  const lock = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(lock) && readFileSync(lock, "utf8").includes("@hocuspocus/server")) return;
  const given = ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", given, { cwd: folder, stdio: "inherit" });
}
