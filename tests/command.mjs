// @ts-check
/**
 * Long runs of tests that stand in `npm test` in a short form: `node tests/command.mjs <name> [--<option> <value>]…`. Options
 * become variables of the environment: `--count 10000 --seed 7` is CONCORDAT_COUNT=10000 CONCORDAT_SEED=7.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateClient } from "../server/database/generate.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

/** @type {Record<string, { file: string, options: Record<string, string> }>} */
const commands = {
  "evil-operator": { file: "tests/integration/server/cli/evil-operator.test.ts", options: { TABLE: "1" } },
  "flip-export": { file: "tests/integration/server/cli/flip-export.test.ts", options: { WHOLE: "1" } },
  "fuzz-sign": { file: "tests/integration/lib/commands/fuzz-sign.test.ts", options: { COUNT: "10000" } },
};

const [name = "", ...words] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`There is no ${name}; there are ${Object.keys(commands).join(", ")}.`);
  process.exit(1);
}
const options = { ...command.options };
for (let at = 0; at < words.length; at += 2) {
  options[(words[at] ?? "").replace(/^--/, "").toUpperCase()] = words[at + 1] ?? "1";
}
await generateClient();
const env = Object.fromEntries(Object.entries(options).map(([key, value]) => [`CONCORDAT_${key}`, value]));
const args = ["run", "--project", "integration", "--testTimeout", "3600000", command.file];
const child = spawn(join("node_modules", ".bin", "vitest"), args, {
  stdio: "inherit",
  env: { ...process.env, ...env },
});
child.once("close", (code) => process.exit(code ?? 1));
