import { type ChildProcess, execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { type Account, canReach, type Native, prepareNative, sharedPlace } from "./native.ts";
import { childEnv, freePort, isAlive, isPostgres, launch, stopProcess } from "./postgres-process.ts";

const run = promisify(execFile);
const startTimeoutMs = 60_000;
const superuser = "concordat";

/** A running PostgreSQL of ours, reachable on 127.0.0.1 only. */
export type Cluster = {
  /** Where its rows lie; below the data folder, or in a shared place when the postgres user cannot enter that. */
  readonly folder: string;
  readonly pid: number;
  /** True when it was found running, left behind by a process of ours that was killed. */
  readonly adopted: boolean;
  /** The address of the database `name`, made if it does not exist. */
  database(name: string): Promise<string>;
  /** Stops it and waits until it is gone. Connections are ended, transactions under way are rolled back. */
  stop(): Promise<void>;
};

/**
 * Starts the embedded PostgreSQL whose rows lie under `dataFolder`, or takes over the one that already runs on it.
 * The caller holds the lock of the data folder: two of these at once on one folder would race.
 *
 * @throws {Error} in one sentence, when the folder cannot be used or PostgreSQL does not come up.
 */
export async function startCluster(dataFolder: string): Promise<Cluster> {
  const native = await prepareNative();
  await mkdir(dataFolder, { recursive: true, mode: 0o711 });
  const password = await keepSecret(join(dataFolder, "postgresql.password"));
  const folder = await clusterFolder(dataFolder, native.account);
  await initialize(native, folder, password);

  const running = await findRunning(folder, password);
  if (running) return clusterOf({ folder, password, ...running, adopted: true });

  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const logFile = join(dataFolder, "postgresql.log");
    const child = await launch(native, folder, port, logFile);
    const failure = await untilReady(child, port, password);
    if (failure === undefined && child.pid !== undefined) {
      return clusterOf({ folder, password, pid: child.pid, port, adopted: false });
    }
    // Between choosing a port and listening on it another program may have taken it.
    if (attempt === 3) {
      throw new Error(
        `The embedded PostgreSQL did not start (${failure ?? "no process"}); its own words are in ${logFile}.`,
      );
    }
  }
}

/** The embedded PostgreSQL that a server of ours runs on `dataFolder` right now, or undefined. It is not ours to stop. */
export async function findCluster(dataFolder: string): Promise<Cluster | undefined> {
  const native = await prepareNative();
  const password = await keepSecret(join(dataFolder, "postgresql.password"));
  const folder = await clusterFolder(dataFolder, native.account);
  const running = await findRunning(folder, password);
  return running && clusterOf({ folder, password, ...running, adopted: true });
}

/** A PostgreSQL that runs on `folder` and answers as ours. */
type Running = { readonly pid: number; readonly port: number };

function clusterOf(at: Running & { folder: string; password: string; adopted: boolean }): Cluster {
  const address = (name: string) => addressOf(at.port, at.password, name);
  return {
    folder: at.folder,
    pid: at.pid,
    adopted: at.adopted,
    async database(name) {
      await withClient(address("postgres"), async (client) => {
        const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
        if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      });
      return address(name);
    },
    async stop() {
      await stopProcess(at);
    },
  };
}

function addressOf(port: number, password: string, database: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${database}`;
}

/** Runs `use` with a connection of its own and closes it. */
async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Without a listener the loss of an idle connection would end this process.
  client.on("error", () => {});
  try {
    await client.connect();
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** The secret in a file, made on first use; only we can read it. */
export async function keepSecret(file: string): Promise<string> {
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept) return kept.trim();
  const secret = randomBytes(24).toString("hex");
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

/** The folder of the rows: below the data folder where the postgres user can reach it, else one of this data folder's own elsewhere. */
async function clusterFolder(dataFolder: string, account: Account | undefined): Promise<string> {
  const near = join(dataFolder, "postgresql");
  if (!account || (await canReach(account, near))) return near;
  // Named by a random id and not by the path: a folder deleted and cloned anew must not find the rows of the old one.
  const idFile = join(dataFolder, "postgresql.place");
  const id = (await readFile(idFile, "utf8").catch(() => "")).trim() || randomBytes(8).toString("hex");
  await writeFile(idFile, `${id}\n`);
  await mkdir(sharedPlace, { recursive: true, mode: 0o755 });
  return join(sharedPlace, `data-${id}`);
}

async function initialize(native: Native, folder: string, password: string): Promise<void> {
  const version = await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => undefined);
  const wanted = native.version.split(".")[0];
  if (version !== undefined) {
    if (version.trim() === wanted) return;
    throw new Error(
      `The data in ${folder} were written by PostgreSQL ${version.trim()}, and this is ${wanted}; move them by pg_dump, or point CONCORDAT_DATA to another folder.`,
    );
  }
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  const passwordFile = `${folder}.pw`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (native.account) {
    await chown(fresh, native.account.uid, native.account.gid);
    await chown(passwordFile, native.account.uid, native.account.gid);
  }
  try {
    await run(
      join(native.folder, "bin", "initdb"),
      [
        ...["-D", fresh, "-U", superuser, "--pwfile", passwordFile, "--auth=scram-sha-256"],
        // Not the host's locale: order and case would then differ from one machine to the next.
        ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
      ],
      { cwd: "/", ...native.account, env: childEnv },
    );
  } catch (error) {
    throw new Error(`The embedded PostgreSQL could not prepare ${folder}: ${firstLine(error)}`, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  // Renamed at the end: a preparation that was cut off is done again, never started on.
  await rename(fresh, folder);
}

/** Finds the PostgreSQL that `postmaster.pid` names, waits while it is coming up, and clears the file when it is another's. */
async function findRunning(folder: string, password: string): Promise<Running | undefined> {
  const lockFile = join(folder, "postmaster.pid");
  const text = await readFile(lockFile, "utf8").catch(() => undefined);
  const lines = text?.split("\n") ?? [];
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if (!pid) return undefined;
  const deadline = performance.now() + startTimeoutMs;
  while (isAlive(pid) && (await isPostgres(pid))) {
    const answer = await withClient(addressOf(port, password, "postgres"), async (client) => {
      const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
      return rows[0]?.data_directory;
    }).catch(() => undefined);
    if (answer === folder) return { pid, port };
    if (answer !== undefined) break;
    if (performance.now() > deadline) {
      throw new Error(`A PostgreSQL (process ${pid}) holds ${folder} but does not answer; stop it and start again.`);
    }
    await pause(50);
  }
  // The number belongs to another program now (a restarted container counts from 1 again); PostgreSQL would refuse to start over it.
  if (!(await isPostgres(pid))) await rm(lockFile, { force: true });
  return undefined;
}

/** Waits for a login to be answered; returns what went wrong otherwise. */
async function untilReady(child: ChildProcess, port: number, password: string): Promise<string | undefined> {
  const failed = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(`it ended with ${signal ?? code}`));
  });
  let failure: string | undefined;
  void failed.then((reason) => {
    failure = reason;
  });
  const deadline = performance.now() + startTimeoutMs;
  while (failure === undefined) {
    const answers = await withClient(addressOf(port, password, "postgres"), () => Promise.resolve(true)).catch(
      () => false,
    );
    if (answers) return undefined;
    if (performance.now() > deadline) return "no answer within a minute";
    await pause(25);
  }
  return failure;
}

function firstLine(error: unknown): string {
  const text =
    error instanceof Error && "stderr" in error && typeof error.stderr === "string" ? error.stderr : String(error);
  return (
    text
      .split("\n")
      .find((line) => line.trim())
      ?.trim() ?? "no reason given"
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
