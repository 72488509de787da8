/**
 * `npm run bench:realtime [-- what …]`: our server, sign-in, guard, log and COMMIT all on, beside Hocuspocus 3.4 with its database extension
 * on the same PostgreSQL and y-websocket 2.1's own server, one after the other in one run. `what` is any of the measures and servers below;
 * all of them when nothing is given. Load is bounded in count and in time, and only ever on 127.0.0.1.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { latency, saturate } from "./measures.ts";
import { type ServerName, serverNames, startServer } from "./servers.ts";
import { openWorld, type World } from "./world.ts";

const measures = ["latency", "20x5", "1x100"] as const;
type Measure = (typeof measures)[number];

const asked = process.argv.slice(2);
const unknown = asked.find((word) => ![...measures, ...serverNames].some((name) => name === word));
if (unknown) throw new Error(`There is no ${unknown}; there are ${[...measures, ...serverNames].join(", ")}.`);
const wanted = <T extends string>(names: readonly T[]) =>
  names.some((name) => asked.includes(name)) ? names.filter((name) => asked.includes(name)) : [...names];
const servers = wanted(serverNames);

/** What was measured: a line for each figure, a column for each server. */
const table = new Map<string, Map<ServerName, string>>();

installPeers();
const world = await openWorld();
try {
  for (const measure of wanted(measures)) for (const name of servers) await run(measure, name, world);
} finally {
  await world.close();
}
print();

async function run(measure: Measure, name: ServerName, at: World): Promise<void> {
  const server = await startServer(name, at);
  try {
    switch (measure) {
      case "latency": {
        const { peer, taken } = await latency(at, server, { rooms: 20, clients: 5, perSecond: 8, ms: 8_000 });
        note("edit to peer, p50 / p99 ms", name, `${tenth(peer.p50)} / ${tenth(peer.p99)}`);
        note(
          "edit to acknowledgement, p50 / p99 ms",
          name,
          taken ? `${tenth(taken.p50)} / ${tenth(taken.p99)}` : "none",
        );
        return;
      }
      case "20x5":
      case "1x100": {
        const shape = measure === "20x5" ? { rooms: 20, clients: 5, window: 8 } : { rooms: 1, clients: 100, window: 4 };
        const { perCpuSecond, perCpuSecondWithDatabase, perSecond, serverCpu, driverCpu } = await saturate(at, server, {
          ...shape,
          ms: 6_000,
        });
        note(`${measure}: deliveries per CPU second`, name, whole(perCpuSecond));
        note(`${measure}: the same, PostgreSQL counted`, name, whole(perCpuSecondWithDatabase));
        note(`${measure}: deliveries per second`, name, whole(perSecond));
        note(`${measure}: CPUs of server / driver`, name, `${serverCpu.toFixed(2)} / ${driverCpu.toFixed(2)}`);
        return;
      }
    }
  } finally {
    await server.stop("SIGKILL");
  }
}

/** The peers are packages of this folder alone. */
function installPeers(): void {
  const folder = join("bench", "realtime", "peers");
  const lock = join(folder, "node_modules", ".package-lock.json");
  if (existsSync(lock) && readFileSync(lock, "utf8").includes("@hocuspocus/server")) return;
  const given = ["ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  execFileSync("npm", given, { cwd: folder, stdio: "inherit" });
}

function note(what: string, name: ServerName, value: string): void {
  const row = table.get(what) ?? new Map<ServerName, string>();
  table.set(what, row.set(name, value));
  console.error(`${name.padEnd(12)} ${what}: ${value}`);
}

function print(): void {
  const cells = [
    ["", ...servers],
    ...[...table].map(([what, row]) => [what, ...servers.map((name) => row.get(name) ?? "–")]),
  ];
  for (const [what = "", ...values] of cells)
    console.log(`${what.padEnd(46)}${values.map((value) => value.padStart(20)).join("")}`);
}

function tenth(value: number): string {
  return value.toFixed(1);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}
