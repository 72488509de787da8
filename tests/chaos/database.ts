import { readdir, readFile } from "node:fs/promises";
import { type Cluster, startCluster } from "#server/database/embedded.ts";
import { migrate } from "#server/database/migrate.ts";
import { until } from "#tests/support/until.ts";
import { type Detour, openDetour } from "./detour.ts";

/** A PostgreSQL of its own that can be stopped, frozen and brought back, behind an address that stays. */
export type ChaosDatabase = {
  /** For the servers under test: through the detour. */
  readonly url: string;
  /** For the judge: past the detour. */
  readonly directUrl: string;
  readonly detour: Detour;
  /** Where its rows lie. */
  readonly folder: string;
  /** Stops it at once, as a power cut would, and gives the way to start it again. */
  stopImmediately(): Promise<() => Promise<void>>;
  /** Starts it again after it went down by itself. */
  revive(): Promise<void>;
  /** Stops every process of it in its tracks, and gives the way to let them go on. */
  freeze(): Promise<() => void>;
  close(): Promise<void>;
};

const name = "chaos";

export async function openChaosDatabase(dataFolder: string): Promise<ChaosDatabase> {
  let cluster = await startCluster(dataFolder);
  let direct = await cluster.database(name);
  await migrate(direct);
  const detour = await openDetour(portOf(direct));
  const proxied = new URL(direct);
  proxied.port = String(detour.port);
  const start = async () => {
    cluster = await startCluster(dataFolder);
    direct = await cluster.database(name);
    detour.target = portOf(direct);
  };
  return {
    url: proxied.href,
    get directUrl() {
      return direct;
    },
    detour,
    get folder() {
      return cluster.folder;
    },
    async stopImmediately() {
      await killAtOnce(cluster);
      return start;
    },
    revive: start,
    async freeze() {
      const pids = await familyOf(cluster.pid);
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      return () => {
        for (const pid of pids) signal(pid, "SIGCONT");
      };
    },
    async close() {
      await detour.close();
      await cluster.stop();
    },
  };
}

async function killAtOnce(cluster: Cluster): Promise<void> {
  // SIGQUIT is PostgreSQL's immediate shutdown: no checkpoint, the next start replays the write-ahead log.
  signal(cluster.pid, "SIGQUIT");
  await until(() => isGone(cluster.pid), { what: "PostgreSQL to stop" });
}

async function isGone(pid: number): Promise<boolean> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  return line === undefined || line.includes(") Z ");
}

/** A process and its children, which for PostgreSQL are all there is. */
async function familyOf(parent: number): Promise<number[]> {
  const family = [parent];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/stat`, "utf8").catch(() => "");
    if (Number(line.slice(line.lastIndexOf(")") + 2).split(" ")[1]) === parent) family.push(Number(entry));
  }
  return family;
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}
