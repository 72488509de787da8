import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

/** Where the migrations lie, relative to the project's folder, which is the working folder of every process of ours. */
const migrationsFolder = join("prisma", "migrations");

/**
 * Brings the database at `url` to the newest migration, and returns the names of those it applied.
 * Safe to repeat; when nothing is missing it only reads one table.
 *
 * @throws {Error} in the engine's words, when a migration fails or the database does not answer.
 */
export async function migrate(url: string): Promise<string[]> {
  if (await isUpToDate(url)) return [];
  const output = await runSchemaEngine("apply", url);
  return output.split("\n").filter((name) => name !== "");
}

/** Runs one verb of schema-engine.mjs in a process of its own and returns what it printed. `earlier` is the schema that "difference" starts from. */
export async function runSchemaEngine(
  verb: "apply" | "initial" | "difference",
  url: string,
  earlier = "",
): Promise<string> {
  const child = spawn(process.execPath, [join("server", "database", "schema-engine.mjs"), verb], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  let output = "";
  let complaint = "";
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString("utf8");
  });
  child.stdin.end(JSON.stringify({ url, earlier }));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(complaint.trim().split("\n")[0] || "The schema engine ended without a word.");
  return output;
}

/** True when the rows of `_prisma_migrations` are exactly the files on disk; the engine takes half a second to say the same. */
async function isUpToDate(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ migration_name: string; checksum: string; finished: boolean }>(
      `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
         FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`,
    );
    const applied = rows.map((row) => `${row.migration_name} ${row.checksum} ${row.finished}`);
    const onDisk = await Promise.all(
      (await migrationNames()).map(async (name) => {
        const script = await readFile(join(migrationsFolder, name, "migration.sql"));
        return `${name} ${createHash("sha256").update(script).digest("hex")} true`;
      }),
    );
    return applied.join("\n") === onDisk.join("\n");
  } catch (error) {
    // 42P01: the table does not exist yet, so this database is new.
    if (error instanceof pg.DatabaseError && error.code === "42P01") return false;
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function migrationNames(): Promise<string[]> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
