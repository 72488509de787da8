import { readdir } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "#server/database/migrate.ts";
import { createTestDatabase, type TestDatabase } from "#tests/support/database.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  client.on("error", () => {});
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

test("a migrated database has nothing left to apply", async () => {
  expect(await migrate(database.url)).toEqual([]);
});

test("the rows of _prisma_migrations are those the stock engine would write: finished, with the checksum of the file", async () => {
  const { rows } = await client.query(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations ORDER BY migration_name",
  );
  const folders = await readdir(join("prisma", "migrations"), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  expect(rows.map((row) => row.migration_name)).toEqual(names.sort());
  expect(names[0]).toBe("0001_init");
  for (const row of rows) {
    expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(row.finished_at).toBeInstanceOf(Date);
  }
});

test("two test databases share no rows", async () => {
  const other = await createTestDatabase();
  await client.query(`INSERT INTO setting (key, value) VALUES ('only-here', 'true')`);
  const peer = new pg.Client({ connectionString: other.url });
  peer.on("error", () => {});
  await peer.connect();
  const { rowCount } = await peer.query("SELECT 1 FROM setting WHERE key = 'only-here'");
  await peer.end();
  await other.drop();
  expect(rowCount).toBe(0);
});

test("acts are append-only for every role", async () => {
  const { rows } = await client.query(
    "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid IN ('act'::regclass, 'log_entry'::regclass)",
  );
  expect(rows.map((row) => row.tgname).sort()).toEqual([
    "act_append_only",
    "act_not_emptied",
    "log_entry_append_only",
    "log_entry_not_emptied",
  ]);
});
