import pg from "pg";
import type { Env } from "#lib/config/env.ts";
import type { Store } from "#lib/data/store.ts";
import { migrate } from "../database/migrate.ts";
import type { SeedDemo } from "../house.ts";

/** What a database says of itself: never filled, a demo world (perhaps half filled), or the real thing. */
export type World = "empty" | "demo" | "unfinished-demo" | "real";

/** Reads the marks. A demo database stays marked for good: a command empties it. */
export async function worldOf(url: string): Promise<World> {
  return withClient(url, async (client) => {
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
  await withClient(url, (client) => client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public"));
  await migrate(url);
}

/** Marks the database as demo, fills it, and marks it as filled. Cut off in between, the next start clears it and begins again. */
export async function fillWorld(store: Store, env: Env, seed: SeedDemo): Promise<void> {
  await mark(store, "demo");
  await seed(store.db, env);
  await mark(store, "demo-seeded");
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
