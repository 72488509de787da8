import { join } from "node:path";
import pg from "pg";
import type { Env } from "#lib/config/env.ts";
import { appRole, grantToApp, makeMissingRole, mayRewrite } from "./app-role.ts";
import { keepSecret, startCluster } from "./embedded.ts";
import { migrate } from "./migrate.ts";

/** A migrated database that is ours to use. */
export type Database = {
  /** As the program connects: by a role that can add to the record and not rewrite it. */
  readonly url: string;
  /** As the role that owns the tables: for migrations and for emptying a demo world, and nothing else. */
  readonly ownerUrl: string;
  /** Gives the program's role its rights again, after the tables were made anew. */
  grant(): Promise<void>;
  /** Where it lies, in words for the operator. */
  readonly place: string;
  /** Stops what was started for it; a server that was only visited is left alone. */
  close(): Promise<void>;
};

/** Held for the life of the process on an embedded database: one more guard where the lock file cannot tell (shared volumes). */
const advisoryLock = 0x636f6e63;

/**
 * Opens the database of DATABASE_URL, or the embedded one under the data folder, and brings it to the newest migration.
 *
 * @throws {Error} in one sentence, when it cannot be reached, trusted with commits, or migrated.
 */
export async function openDatabase(env: Env, say: (line: string) => void): Promise<Database> {
  if (env.databaseUrl !== undefined) return openGiven(env.databaseUrl, env.migrationDatabaseUrl, say);
  const cluster = await startCluster(env.dataFolder);
  try {
    const ownerUrl = await cluster.database("concordat");
    await check(ownerUrl);
    const guard = await holdLock(ownerUrl, env.dataFolder);
    await bringUpToDate(ownerUrl, say);
    const password = await keepSecret(join(env.dataFolder, "postgresql.app-password"));
    const grant = () => grantToApp(ownerUrl, appRole, password);
    await grant();
    const near = cluster.folder.startsWith(join(env.dataFolder, "/"));
    return {
      url: addressAs(ownerUrl, appRole, password),
      ownerUrl,
      grant,
      place: near ? env.dataFolder : `${env.dataFolder} and ${cluster.folder}`,
      async close() {
        await guard.end().catch(() => {});
        await cluster.stop();
      },
    };
  } catch (error) {
    // One that was found running may serve another process; it is not ours to stop.
    if (!cluster.adopted) await cluster.stop();
    throw error;
  }
}

/** A PostgreSQL of the operator's: with an address for migrations, the other role gets only what the program needs. */
async function openGiven(
  url: string,
  migrationUrl: string | undefined,
  say: (line: string) => void,
): Promise<Database> {
  const ownerUrl = migrationUrl ?? url;
  await check(ownerUrl);
  await bringUpToDate(ownerUrl, say);
  const role = decodeURIComponent(new URL(url).username);
  const grant = async () => {
    if (migrationUrl === undefined) return;
    try {
      await makeMissingRole(ownerUrl, url);
      await grantToApp(ownerUrl, role);
    } catch (error) {
      throw new Error(`The role of DATABASE_URL could not be given its rights: ${reasonOf(error)}.`, { cause: error });
    }
  };
  await grant();
  if (migrationUrl !== undefined) await check(url);
  if (await mayRewrite(url)) {
    say(
      "The role of DATABASE_URL owns the tables and could rewrite the record; give MIGRATION_DATABASE_URL to the owner, and DATABASE_URL to a role that owns nothing.",
    );
  }
  return { url, ownerUrl, grant, place: `PostgreSQL at ${new URL(url).host}`, close: async () => {} };
}

function addressAs(url: string, role: string, password: string): string {
  const address = new URL(url);
  address.username = role;
  address.password = password;
  return address.href;
}

/** Refuses a server that does not answer, or that may lose what it has confirmed: an acknowledgement here means it is on disk. */
async function check(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string }>(
      "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off'",
    );
    const off = rows[0]?.name;
    if (off)
      throw new UnsafeDatabase(`The database runs with ${off} off and may lose what it has confirmed; switch it on.`);
  } catch (error) {
    if (error instanceof UnsafeDatabase) throw error;
    throw new Error(`The database at ${new URL(url).host} cannot be used: ${reasonOf(error)}.`, { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}

class UnsafeDatabase extends Error {}

async function holdLock(url: string, dataFolder: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, keepAlive: true });
  client.on("error", () => {});
  await client.connect();
  // A process of ours that was killed a moment ago: its session ends as soon as PostgreSQL notices.
  for (const deadline = performance.now() + 3_000; performance.now() < deadline; await pause(50)) {
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_lock($1) AS taken", [advisoryLock]);
    if (rows[0]?.taken) return client;
  }
  await client.end();
  throw new Error(
    `Another Concordat already runs on ${dataFolder}; stop it first, or give this one a CONCORDAT_DATA of its own.`,
  );
}

async function bringUpToDate(url: string, say: (line: string) => void): Promise<void> {
  try {
    const applied = await migrate(url);
    if (applied.length > 0) say(`Prepared the database (${applied.join(", ")}).`);
  } catch (error) {
    throw new Error(`The database could not be brought up to date: ${reasonOf(error)}.`, { cause: error });
  }
}

/** Why, without the full stop, and never with the address: it may carry a password. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? text).replace(/\.$/, "");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
