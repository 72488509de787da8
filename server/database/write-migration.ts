/**
 * For developers. `npm run db:init-migration` writes prisma/migrations/0001_init anew: the SQL from nothing to
 * schema.prisma, then invariants.sql. `npm run db:migration -- <name>` writes the next one: from the committed
 * schema.prisma, which is what the committed migrations make, to the one in the working tree; what belongs to it by
 * hand is added to its file.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startCluster } from "./embedded.ts";
import { runSchemaEngine } from "./migrate.ts";

const migrationsFolder = join("prisma", "migrations");
const name = process.argv[2];
if (!name || !/^[a-z0-9_-]+$/.test(name)) {
  console.error("Give the migration a name of small letters, digits, - and _: npm run db:migration -- add-notes");
  process.exit(1);
}

const folder = await mkdtemp(join(tmpdir(), "concordat-shadow-"));
const cluster = await startCluster(folder);
try {
  const url = await cluster.database("shadow");
  if (name === "init") {
    await writeMigration("0001_init", `${await runSchemaEngine("initial", url)}\n${await invariants()}`);
  } else {
    const { stdout: committed } = await promisify(execFile)("git", ["show", "HEAD:prisma/schema.prisma"]);
    const sql = await runSchemaEngine("difference", url, committed);
    const count = (await readdir(migrationsFolder, { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    ).length;
    await writeMigration(`${String(count + 1).padStart(4, "0")}_${name}`, sql);
  }
} finally {
  await cluster.stop();
  await rm(cluster.folder, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function writeMigration(folderName: string, sql: string): Promise<void> {
  await mkdir(join(migrationsFolder, folderName), { recursive: true });
  await writeFile(join(migrationsFolder, "migration_lock.toml"), 'provider = "postgresql"\n');
  await writeFile(join(migrationsFolder, folderName, "migration.sql"), sql);
  console.log(`Written: ${join(migrationsFolder, folderName, "migration.sql")}`);
}

async function invariants(): Promise<string> {
  return readFile(join("prisma", "invariants.sql"), "utf8");
}
