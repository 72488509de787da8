import { type ChildProcess, execFile, spawn } from "node:child_process";
import { open, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import type { Native } from "./native.ts";

const run = promisify(execFile);
const stopTimeoutMs = 30_000;
const logBytesMax = 16 * 1024 * 1024;

/** What PostgreSQL's programs see. Nothing of ours: PGPORT and its like would steer them. (Next's types demand NODE_ENV.) */
export const childEnv = { PATH: "/usr/bin:/bin", TZ: "UTC", NODE_ENV: "production" } as const;

/** Starts PostgreSQL on the rows in `folder`, on 127.0.0.1 and `port` alone; its own words go to `logFile`. */
export async function launch(native: Native, folder: string, port: number, logFile: string): Promise<ChildProcess> {
  const size = await stat(logFile).then(
    (entry) => entry.size,
    () => 0,
  );
  const log = await open(logFile, size > logBytesMax ? "w" : "a", 0o600);
  try {
    const child = spawn(
      join(native.folder, "bin", "postgres"),
      [
        ...["-D", folder, "-p", String(port)],
        ...["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
        ...["-c", "max_connections=200", "-c", "timezone=UTC", "-c", "log_timezone=UTC"],
      ],
      {
        // In a group of its own: Ctrl-C in a terminal must reach us alone, so that we drain before PostgreSQL stops.
        detached: true,
        cwd: "/",
        stdio: ["ignore", log.fd, log.fd],
        env: childEnv,
        ...native.account,
      },
    );
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

/** Asks it to end its connections and stop, and waits until it is gone; after half a minute it is stopped at once. */
export async function stopProcess({ pid, folder }: { pid: number; folder: string }): Promise<void> {
  const deadline = performance.now() + stopTimeoutMs;
  send(pid, "SIGINT");
  // The file goes last. The process itself may stay a zombie where nobody above us collects it.
  while (isAlive(pid) && (await stat(join(folder, "postmaster.pid")).catch(() => undefined))) {
    if (performance.now() > deadline) {
      // Immediate shutdown: committed rows are safe, the next start replays the write-ahead log.
      send(pid, "SIGQUIT");
      return;
    }
    await setTimeout(10);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Already gone.
  }
}

/** Whether a process has the number `pid`, ours or another's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether `pid` is a PostgreSQL that still runs, and not a zombie of one or another program with its old number. */
export async function isPostgres(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(async () => {
    const { stdout } = await run("ps", ["-o", "stat=,comm=", "-p", String(pid)]).catch(() => ({ stdout: "" }));
    return stdout;
  });
  return line.includes("postgres") && !/\) Z |^Z/.test(line);
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("No port.")),
      );
    });
  });
}
