// @ts-check
/**
 * What every command of ours begins with: the right Node, the project's folder, the file .env, the packages, the bundle.
 * Plain JavaScript without packages, because on a fresh clone there are none yet.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadEnvFile } from "node:process";
import { fileURLToPath } from "node:url";
import { preparePackages, prepareServer } from "./prepare.mjs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/**
 * Makes ready whatever lies under server/ to run in this process.
 *
 * @param {(line: string) => void} say
 * @throws {Error} in one sentence for the operator.
 */
export async function enterProject(say) {
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Concordat needs Node 20.19 or newer, and this is ${process.versions.node}.`);
  }
  process.chdir(join(dirname(fileURLToPath(import.meta.url)), "..", ".."));
  if (existsSync(".env")) loadEnvFile(".env");
  Object.assign(process.env, { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
  await preparePackages(say);
  await prepareServer(say);
}

/**
 * Ends the process with one sentence for the operator; the stack is for developers, who ask for it.
 *
 * @param {unknown} error
 */
export function giveUp(error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (process.env.LOG_LEVEL === "debug") console.error(error);
  process.exit(1);
}
