// @ts-check
/**
 * Prisma's schema engine as WebAssembly, for a child process of its own: it leaves timers and memory behind.
 * The ordinary engine is a binary that is fetched from a site of Prisma's own; this one comes with npm and writes the
 * same `_prisma_migrations` rows with the same checksums, so that `prisma migrate deploy` agrees with it.
 *
 *   apply           stdin {"url"}            applies what is missing of prisma/migrations; prints the names
 *   initial         stdin {"url"}            prints the SQL from nothing to prisma/schema.prisma; reads only the version
 *   difference      stdin {"url","earlier"}  prints the SQL from the schema text `earlier` to prisma/schema.prisma
 *
 * The address arrives on stdin, not as an argument, because arguments are visible to every user of the machine.
 */
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import pg from "pg";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const schemaFile = join(root, "prisma", "schema.prisma");
const migrationsFolder = join(root, "prisma", "migrations");
const filters = { externalTables: [], externalEnums: [] };

/** @param {string} url @param {(engine: import("@prisma/schema-engine-wasm").SchemaEngine) => Promise<void>} use */
async function withEngine(url, use) {
  const require = createRequire(import.meta.url);
  const glue = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const bindings = await import(glue);
  // The package's own entry imports the .wasm file as a module, which plain Node can not do.
  const { instance } = await WebAssembly.instantiate(await readFile(join(dirname(glue), "schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  /** @type {{ __wbindgen_start(): void }} */ (/** @type {unknown} */ (instance.exports)).__wbindgen_start();

  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on("error", () => {});
  const engine = await bindings.SchemaEngine.new(
    { datamodels: [[schemaFile, await readFile(schemaFile, "utf8")]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new WholeScripts(pool)),
  );
  try {
    await use(engine);
  } finally {
    engine.free();
    // A connection left open would make CREATE DATABASE … TEMPLATE wait for it.
    await pool.end();
  }
}

/**
 * The stock adapter cuts a script at every semicolon, also inside the body of a function. PostgreSQL takes a script
 * whole, and then it is one transaction: a migration that fails leaves nothing behind.
 */
class WholeScripts extends PrismaPg {
  /** @param {pg.Pool} pool */
  constructor(pool) {
    super(pool);
    this.pool = pool;
  }

  /** @override */
  async connect() {
    const adapter = await super.connect();
    adapter.executeScript = async (script) => {
      await this.pool.query(script).catch((error) => {
        // The engine would only say "external connector error".
        console.error(`A migration failed: ${error.message}`);
        throw error;
      });
    };
    return adapter;
  }
}

async function migrationsOnDisk() {
  const entries = await readdir(migrationsFolder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return {
    baseDir: migrationsFolder,
    lockfile: { path: "./migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      names.sort().map(async (name) => ({
        path: name,
        migrationFile: {
          path: "migration.sql",
          content: /** @type {const} */ ({
            tag: "ok",
            value: await readFile(join(migrationsFolder, name, "migration.sql"), "utf8"),
          }),
        },
      })),
    ),
  };
}

async function schemaTarget() {
  return /** @type {const} */ ({
    tag: "schemaDatamodel",
    files: [{ path: schemaFile, content: await readFile(schemaFile, "utf8") }],
  });
}

/** @type {Record<string, (url: string, earlier: string) => Promise<void>>} */
const verbs = {
  apply: (url) =>
    withEngine(url, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: await migrationsOnDisk(),
        filters,
      });
      for (const name of appliedMigrationNames) console.log(name);
    }),
  initial: (url) =>
    withEngine(url, async (engine) => {
      const to = await schemaTarget();
      const { stdout } = await engine.diff({ from: { tag: "empty" }, to, script: true, exitCode: null, filters });
      process.stdout.write(stdout ?? "");
    }),
  difference: (url, earlier) =>
    withEngine(url, async (engine) => {
      const to = await schemaTarget();
      const from = /** @type {const} */ ({ tag: "schemaDatamodel", files: [{ path: schemaFile, content: earlier }] });
      const { stdout } = await engine.diff({ from, to, script: true, exitCode: null, filters });
      process.stdout.write(stdout ?? "");
    }),
};

const verb = verbs[process.argv[2] ?? ""];
const { url = "", earlier = "" } = JSON.parse((await text(process.stdin)) || "{}");
try {
  if (!verb) throw new Error("Unknown verb.");
  await verb(url, earlier);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
