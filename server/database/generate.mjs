// @ts-check
/**
 * Writes the Prisma client into lib/data/generated, once per state of prisma/schema.prisma.
 * Plain JavaScript, because it runs before anything of ours can be compiled.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const generated = join(root, "lib", "data", "generated");
const stampFile = join(generated, ".stamp");

/**
 * Generates the client if schema, Prisma or this file has changed since the last time.
 *
 * @returns {Promise<boolean>} whether anything was generated.
 * @throws {Error} with Prisma's own words when the schema is not valid.
 */
export async function generateClient() {
  if (await isClientFresh()) return false;
  const stamp = await currentStamp();
  await rm(generated, { recursive: true, force: true });
  await runPrisma();
  await mkdir(generated, { recursive: true });
  // Written last and by rename: a generation that was cut off leaves no stamp and is done again.
  await writeFile(`${stampFile}.new`, stamp);
  await rename(`${stampFile}.new`, stampFile);
  return true;
}

/** Whether the client that lies there is the one of this schema. */
export async function isClientFresh() {
  return (await readFile(stampFile, "utf8").catch(() => "")) === (await currentStamp());
}

async function currentStamp() {
  const hash = createHash("sha256");
  const prisma = createRequire(import.meta.url).resolve("prisma/package.json");
  for (const file of [join(root, "prisma", "schema.prisma"), prisma, fileURLToPath(import.meta.url)]) {
    hash.update(await readFile(file));
  }
  return hash.digest("hex");
}

function runPrisma() {
  const entry = createRequire(import.meta.url).resolve("prisma/build/index.js");
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [entry, "generate", "--schema", join(root, "prisma", "schema.prisma")], {
        cwd: root,
        // Generating needs no schema engine, but Prisma fetches one from a site of its own unless it is told of a file.
        env: {
          ...process.env,
          PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
          PRISMA_HIDE_UPDATE_MESSAGE: "1",
          CHECKPOINT_DISABLE: "1",
        },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      child.stdout.on("data", (chunk) => {
        output += chunk;
      });
      child.stderr.on("data", (chunk) => {
        output += chunk;
      });
      child.on("error", reject);
      child.on("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`The Prisma client could not be generated:\n${output.trim()}`)),
      );
    })
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  generateClient().then(
    (did) => console.log(did ? "Prisma client generated." : "Prisma client is up to date."),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
