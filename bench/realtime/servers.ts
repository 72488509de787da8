import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { requirePort } from "#server/boot/ports.ts";
import { bareEnvironment } from "#tests/support/server.ts";
import type { Protocol } from "./protocols.ts";
import { hocuspocus, ours, yWebsocket } from "./protocols.ts";
import type { World } from "./world.ts";

/** A server under measurement, in a process of its own. */
export type Running = {
  readonly name: ServerName;
  readonly protocol: Protocol;
  readonly port: number;
  /** CPU seconds it has used so far, all threads. */
  cpu(): number;
  /** Bytes in memory once garbage is collected. */
  memory(): Promise<{ heap: number; rss: number }>;
  /** Bytes the system holds for it now. */
  rss(): number;
  stop(): Promise<void>;
};

export type ServerName = "concordat" | "hocuspocus" | "y-websocket";
export const serverNames: readonly ServerName[] = ["concordat", "hocuspocus", "y-websocket"];

const peers = join("bench", "realtime", "peers");

/** Starts a server and waits until it takes connections. With `PROFILE_FOLDER` it leaves a CPU profile there when it is stopped. */
export async function startServer(name: ServerName, world: World): Promise<Running> {
  const port = await requirePort("127.0.0.1", 0);
  const memoryFile = join(world.folder, `memory-${port}.json`);
  const profile = process.env.PROFILE_FOLDER;
  const { args, env, protocol } = commandOf(name, world, port);
  const flags = [
    `--import=${resolve("bench/realtime/inside.mjs")}`,
    ...(profile ? ["--cpu-prof", `--cpu-prof-dir=${profile}`] : []),
  ];
  const child = spawn(process.execPath, [...flags, ...args], {
    env: { ...bareEnvironment(), NODE_ENV: "production", BENCH_MEMORY_FILE: memoryFile, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-4_000);
    });
  let isStopping = false;
  const ended = new Promise<void>((done) =>
    child.once("close", () => {
      if (!isStopping) console.error(`${name} ended by itself:\n${output}`);
      done();
    }),
  );
  await untilListening(child, port, () => output);
  return {
    name,
    protocol,
    port,
    cpu: () => cpuOf(child.pid ?? 0),
    memory: () => askMemory(child, memoryFile),
    rss: () => rssOf(child.pid ?? 0),
    async stop() {
      isStopping = true;
      // A profile is written at an orderly end only.
      if (child.exitCode === null && child.signalCode === null) child.kill(profile ? "SIGTERM" : "SIGKILL");
      await ended;
    },
  };
}

function commandOf(name: ServerName, world: World, port: number) {
  const at = { PORT: String(port), HOST: "127.0.0.1" };
  switch (name) {
    case "concordat":
      return {
        args: [join("server", "start.mjs")],
        protocol: ours(world),
        env: {
          ...at,
          CONCORDAT_DATA: join(world.folder, "ours"),
          CONCORDAT_ROLES: "realtime",
          DATABASE_URL: world.url,
          DEMO: "0",
          // No mail ever leaves: nothing here sends one, and nobody listens at that address.
          SMTP_URL: "smtp://127.0.0.1:9",
          PUBLIC_URL: world.origin,
          LOG_LEVEL: "error",
        },
      };
    case "hocuspocus":
      return {
        args: [join(peers, "hocuspocus-server.mjs")],
        protocol: hocuspocus,
        env: { ...at, DATABASE_URL: world.url },
      };
    default:
      return { args: [join(peers, "node_modules", "y-websocket", "bin", "server.cjs")], protocol: yWebsocket, env: at };
  }
}

/** CPU seconds of a process, or of a process and its children. */
export function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function rssOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * 4096;
}

async function askMemory(child: ChildProcess, file: string): Promise<{ heap: number; rss: number }> {
  rmSync(file, { force: true });
  child.kill("SIGUSR2");
  const deadline = performance.now() + 10_000;
  for (;;) {
    await new Promise((done) => setTimeout(done, 50));
    try {
      // Written by our own preload.
      return JSON.parse(readFileSync(file, "utf8")) as { heap: number; rss: number };
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
  }
}

async function untilListening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!(await answers(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`A server did not come up:\n${output()}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** Whether it answers a request: a port that is only tried out on the way takes connections too. */
function answers(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}
