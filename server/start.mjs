// @ts-check
/**
 * `npm start` (`--prepare` stops before serving, for images): makes ready what is missing, then becomes the server, in this same process, so that signals reach it.
 * Plain JavaScript without packages, because on a fresh clone there are none yet.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadEnvFile } from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { preparePackages, preparePages, prepareServer } from "./boot/prepare.mjs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

try {
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Concordat needs Node 20.19 or newer, and this is ${process.versions.node}.`);
  }
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
  if (existsSync(".env")) loadEnvFile(".env");
  Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
  await preparePackages(say);
  await prepareServer(say);
  if (process.argv.includes("--prepare")) {
    await preparePages(say);
    process.exit(0);
  }
  const { boot } = await import(pathToFileURL(join("dist", "server", "main.js")).href);
  await boot({ say, buildPages: () => preparePages(say) });
} catch (error) {
  // One sentence for the operator; the stack is for developers, who ask for it.
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env.LOG_LEVEL === "debug") console.error(error);
  process.exit(1);
}

/** @param {string} line */
function say(line) {
  console.log(line);
}
