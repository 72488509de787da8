import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inject } from "vitest";
import { requirePort } from "#server/boot/ports.ts";
import { startCluster } from "#server/database/embedded.ts";
import { until } from "./until.ts";

/** Concordat as `npm start` runs it, in a process of its own on a data folder of its own. */
export type TestServer = {
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly process: ChildProcess;
  /** What it has printed so far, on both streams. */
  output(): string;
  /** Its exit code once it has ended, null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Sends `signal` (SIGTERM) and waits for the end; gives the exit code, null after SIGKILL. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
};

/**
 * Starts a server with these variables and nothing of ours, and waits until it is ready. It begins on a copy of the demo
 * world; `world: "new"` makes it fill its own, and `dataFolder` starts it on the data of an earlier one.
 */
export async function startServer(
  variables: Record<string, string> = {},
  { dataFolder, wait = true, world = "copied" }: { dataFolder?: string; wait?: boolean; world?: "copied" | "new" } = {},
): Promise<TestServer> {
  const folder = dataFolder ?? (await copyWorld(wait && world === "copied" ? inject("demoWorld") : undefined));
  const port = Number(variables.PORT ?? (await freePort()));
  const child = spawn(process.execPath, [join("server", "start.mjs")], {
    env: { ...bareEnvironment(), CONCORDAT_DATA: folder, PORT: String(port), ...variables, NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (output += chunk.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const server: TestServer = {
    url: `http://localhost:${port}`,
    port,
    dataFolder: folder,
    process: child,
    output: () => output,
    ended,
    async stop(signal = "SIGTERM") {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return ended;
    },
    async remove() {
      await server.stop();
      await removeData(folder);
    },
  };
  if (wait) await untilReady(server);
  return server;
}

/** A new data folder with a copy of `world`'s; owners stay, since PostgreSQL starts on nothing that is not its own. */
async function copyWorld(world: string | undefined): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "concordat-server-"));
  // So that the postgres user may enter: then a test's rows lie in it and go with it.
  await chmod(folder, 0o711);
  if (world !== undefined) await promisify(execFile)("cp", ["-a", `${world}/.`, folder]);
  return folder;
}

async function untilReady(server: TestServer): Promise<void> {
  try {
    await until(
      async () => {
        if (server.process.exitCode !== null) return true;
        return (await fetch(`http://127.0.0.1:${server.port}/readyz`)).ok;
      },
      { what: "the server to answer", timeoutMs: 240_000 },
    );
  } catch (error) {
    await server.stop("SIGKILL");
    throw new Error(`The server did not come up:\n${server.output()}`, { cause: error });
  }
  if (server.process.exitCode !== null) throw new Error(`The server ended at once:\n${server.output()}`);
}

/** Removes a data folder, and the PostgreSQL that a killed server has left running on it. */
async function removeData(folder: string): Promise<void> {
  const place = await readFile(join(folder, "postgresql.place"), "utf8").catch(() => undefined);
  const left = await readFile(join(folder, "postgresql", "postmaster.pid"), "utf8").catch(() => undefined);
  if (place ?? left) {
    const cluster = await startCluster(folder);
    await cluster.stop();
    await rm(cluster.folder, { recursive: true, force: true });
  }
  await rm(folder, { recursive: true, force: true });
}

/**
 * A port for a server that starts some seconds later. Those that the system gives out (port 0) may be somebody's by then, a browser's for
 * one; these lie below them, and each process of tests begins elsewhere.
 */
async function freePort(): Promise<number> {
  for (;;) {
    nextPort += 1;
    const port = await requirePort("127.0.0.1", nextPort).catch(() => undefined);
    if (port !== undefined) return port;
  }
}

let nextPort = 10_000 + (process.pid % 200) * 100;

/** What a program needs to run at all; no variable of ours that happens to be set here. */
export function bareEnvironment(): Record<string, string> {
  const names = ["PATH", "HOME", "LANG", "TMPDIR", "USER"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
