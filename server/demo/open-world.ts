import { spawn } from "node:child_process";
import { join } from "node:path";
import pg from "pg";
import type { Env } from "#lib/config/env.ts";
import type { Store } from "#lib/data/store.ts";
import { migrate } from "../database/migrate.ts";
import type { SeedDemo } from "../house.ts";

/** What a database says of itself: never filled, a demo world (perhaps half filled), or the real thing. */
export type World = "empty" | "demo" | "unfinished-demo" | "real";

const goodbyeMs = 2_000;

/** Reads the marks. A demo database stays marked for good: a command empties it. */
export async function worldOf(url: string): Promise<World> {
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query("SELECT 1 WHERE to_regclass('setting') IS NOT NULL");
    if (tables.length === 0) return "empty";
    const { rows } = await client.query<{ key: string }>(
      "SELECT key FROM setting WHERE key IN ('demo', 'demo-seeded') AND value = 'true'",
    );
    const marks = rows.map((row) => row.key);
    if (marks.includes("demo")) return marks.includes("demo-seeded") ? "demo" : "unfinished-demo";
    const { rowCount } = await client.query('SELECT 1 FROM "user" UNION ALL SELECT 1 FROM organization LIMIT 1');
    return rowCount === 0 ? "empty" : "real";
  });
}

/**
 * Refuses to open a demo world to real users, and real rows to one-click sign-in.
 *
 * @throws {Error} in one sentence that says which way out there is.
 */
export function requireFittingWorld(env: Env, world: World): void {
  if (env.isDemo && world === "real") {
    throw new Error(
      "This database holds real records, and the demo world lets anybody sign in: set DEMO=0 or use another database.",
    );
  }
  if (!env.isDemo && (world === "demo" || world === "unfinished-demo")) {
    throw new Error("This database holds the demo world: use another one, or empty it first (npm run demo:empty).");
  }
}

/** Removes what a filling that was cut off has left; the migrations are applied again. */
export async function clearUnfinished(url: string): Promise<void> {
  await withClient(url, dropAll);
  await migrate(url);
}

/** Marks the database as demo, fills it, and marks it as filled. Cut off in between, the next start clears it and begins again. */
export async function fillWorld(store: Store, env: Env, seed: SeedDemo): Promise<void> {
  await mark(store, "demo");
  await seed(store.db, env);
  await mark(store, "demo-seeded");
}

/**
 * The same in a process of its own (fill.ts), so that the memory it takes goes with it. `stop` ends it half way, if it still runs.
 *
 * @throws {Error} through `done`, in one sentence.
 */
export function fillApart(url: string, port: number): { done: Promise<void>; stop(): Promise<void> } {
  const child = spawn(process.execPath, [join("dist", "server", "demo", "fill.js")], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  // On stdin, not as an argument: the address holds a password, and arguments are visible to every user of the machine.
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify({ url, port }));
  const done = ended.then((code) => {
    if (code === 0) return;
    throw new Error(`The demo world could not be filled (${complaint.trim().split("\n")[0] || "no reason given"}).`);
  });
  return {
    done,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended.catch(() => {});
    },
  };
}

/**
 * Takes everything out of a demo database; the next start makes the tables anew. The mark goes too.
 *
 * @throws {Error} in one sentence, when it is not a demo world or somebody is connected to it.
 */
export async function emptyWorld(url: string): Promise<void> {
  const world = await worldOf(url);
  if (world === "empty") throw new Error("This database is empty already.");
  if (world === "real") throw new Error("This database is not a demo world: it is not emptied.");
  await withClient(url, async (client) => {
    // Whoever has just left is still counted for a moment.
    for (const deadline = performance.now() + goodbyeMs; !(await isAlone(client)); await pause(50)) {
      if (performance.now() > deadline)
        throw new Error("Other programs are connected to this database; stop them first.");
    }
    await dropAll(client);
  });
}

async function isAlone(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  return rowCount === 0;
}

async function dropAll(client: pg.Client): Promise<void> {
  await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

async function mark(store: Store, key: string): Promise<void> {
  await store.pool.query("INSERT INTO setting (key, value) VALUES ($1, 'true') ON CONFLICT (key) DO NOTHING", [key]);
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
