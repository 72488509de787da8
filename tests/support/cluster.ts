import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startCluster } from "#server/database/embedded.ts";
import { generateClient } from "#server/database/generate.mjs";
import { migrate } from "#server/database/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The server the tests may use, and the migrated database that theirs are cloned from. */
    testCluster: { adminUrl: string; template: string; prefix: string };
  }
}

const folderPrefix = "concordat-test-";

/**
 * Vitest's global set-up: a PostgreSQL of its own in a temporary folder (or the server of TEST_DATABASE_URL), and in
 * it one migrated template database. At the end nothing is left behind.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await generateClient();
  const prefix = `concordat_test_${randomUUID().slice(0, 8)}_`;
  const server = await openServer();
  const template = `${prefix}template`;
  await admin(server.adminUrl, (client) => client.query(`CREATE DATABASE ${template}`));
  await migrate(databaseUrl(server.adminUrl, template));
  project.provide("testCluster", { adminUrl: server.adminUrl, template, prefix });
  return async () => {
    await server.close(prefix);
  };
}

/** The address of `database` on the server of `adminUrl`. */
export function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `use` with one connection to the server itself. */
export async function admin<T>(adminUrl: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function openServer(): Promise<{ adminUrl: string; close(prefix: string): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { adminUrl: given, close: (prefix) => dropDatabases(given, prefix) };
  await sweep();
  const folder = await mkdtemp(join(tmpdir(), `${folderPrefix}${process.pid}-`));
  // So that the postgres user may enter: then the rows lie in it and go with it.
  await chmod(folder, 0o711);
  const cluster = await startCluster(folder);
  return {
    adminUrl: await cluster.database("postgres"),
    async close() {
      await cluster.stop();
      // As root under a closed temporary folder the rows lie elsewhere.
      await rm(cluster.folder, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function dropDatabases(adminUrl: string, prefix: string): Promise<void> {
  await admin(adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>(
      "SELECT datname FROM pg_database WHERE starts_with(datname, $1)",
      [prefix],
    );
    for (const { datname } of rows)
      await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  });
}

/** Removes what runs that were killed have left behind. */
async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(name.startsWith(folderPrefix) ? name.slice(folderPrefix.length).split("-")[0] : Number.NaN);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    // Started only to be stopped: a PostgreSQL that still runs there is adopted.
    const cluster = await startCluster(folder).catch(() => undefined);
    await cluster?.stop();
    if (cluster) await rm(cluster.folder, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
