// @ts-check
/**
 * `npm test`: everything, in a fresh clone too. `npm run check`: what needs neither database nor browser.
 * `node tests/run.mjs realtime e2e`: these parts. The last line sums up over all of them.
 */
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { preparePackages, preparePages, prepareServer } from "../server/boot/prepare.mjs";
import { generateClient } from "../server/database/generate.mjs";
import { findChromium } from "./support/chromium.mjs";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));

/** @typedef {{ passed: number, failed: number, skipped: number }} Count */
/** @typedef {{ fullName: string, status: string, failureMessages: string[] }} Assertion what vitest's JSON report says of one test */
/** @typedef {{ name: string, status: string, message: string, assertionResults: Assertion[] }} TestFile */

/** What failed, and the first line of why: said again at the end, which is all that is left of a long run. @type {string[]} */
const failures = [];

// What measures nothing and shares nothing runs beside itself, on two cores too.
const manyWorkers = Math.max(2, availableParallelism() - 1);
const bin = (/** @type {string} */ name) => join("node_modules", ".bin", name);
/** @type {Record<string, [program: string, ...given: string[]]>} */
const checks = {
  lint: [bin("biome"), "check", ".", "--diagnostic-level=error"],
  types: [bin("tsc"), "--project", "."],
  boundaries: [bin("depcruise"), "--config", ".dependency-cruiser.cjs", "app", "lib", "server", "tests"],
  "dead-code": [bin("knip"), "--no-progress", "--no-config-hints"],
};
/** @type {Record<string, () => Promise<Count>>} */
const parts = {
  ...Object.fromEntries(Object.entries(checks).map(([name, given]) => [name, () => command(given)])),
  unit: () => vitest("unit", { workers: manyWorkers }),
  architecture: () => vitest("architecture"),
  // Half of the time these wait for PostgreSQL.
  integration: () => vitest("integration", { workers: manyWorkers }),
  realtime: () => vitest("realtime"),
  e2e: journeys,
};
const check = ["lint", "types", "boundaries", "dead-code", "unit", "architecture"];

const asked = process.argv.slice(2).flatMap((name) => (name === "check" ? check : [name]));
const unknown = asked.find((name) => !(name in parts));
if (unknown) {
  console.error(`There is no part named ${unknown}; there are check, ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}

const total = { passed: 0, failed: 0, skipped: 0 };
try {
  await preparePackages(console.log);
  await generateClient();
  // Next writes this file when it builds; types need it before.
  if (!existsSync("next-env.d.ts")) {
    await writeFile(
      "next-env.d.ts",
      '/// <reference types="next" />\n/// <reference types="next/image-types/global" />\n',
    );
  }
  const names = asked.length > 0 ? asked : Object.keys(parts);
  // Each of these is one process that computes: beside each other they fill the cores.
  await Promise.all(names.filter((name) => name in checks).map(play));
  for (const name of names) if (!(name in checks)) await play(name);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  failures.push(`- ${firstLine(String(error))}`);
  total.failed += 1;
}
if (total.skipped > 0) console.log(`\n${total.skipped} SKIPPED: look above for what was not there to run them with.`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.join("\n")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 ? 1 : 0);

/** @param {string} name */
async function play(name) {
  console.log(`\n── ${name}`);
  const started = Date.now();
  const count = await (parts[name]?.() ?? Promise.resolve({ passed: 0, failed: 1, skipped: 0 }));
  // A part in which nothing ran has shown nothing.
  if (count.passed + count.failed === 0) {
    console.error(`No test ran in ${name}.`);
    count.failed = 1;
  }
  if (count.failed > 0 && !failures.some((line) => line.startsWith(`- ${name}`))) failures.push(`- ${name}`);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  console.log(
    `── ${name}: ${count.passed} passed, ${count.failed} failed (${Math.round((Date.now() - started) / 1000)} s)`,
  );
}

/** A check that is one thing: it holds or it does not. What it says comes in one piece, since others speak beside it. @param {[program: string, ...given: string[]]} check @returns {Promise<Count>} */
async function command([program, ...given]) {
  const { code, said } = await listen(program, given);
  if (said !== "") console.log(said);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

/** @param {string} program @param {string[]} given @returns {Promise<{ code: number, said: string }>} */
function listen(program, given) {
  return new Promise((resolve) => {
    execFile(program, given, { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const said = `${stdout}${stderr}`.trimEnd();
      if (!error) resolve({ code: 0, said });
      else resolve({ code: 1, said: said === "" ? error.message : said });
    });
  });
}

/** @param {string} project @param {{ env?: Record<string, string>, workers?: number }} [given] @returns {Promise<Count>} */
async function vitest(project, { env = {}, workers = 1 } = {}) {
  const report = join("dist", `tests-${project}.json`);
  await mkdir("dist", { recursive: true });
  await rm(report, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const given = ["run", "--project", project, "--passWithNoTests", `--maxWorkers=${workers}`, ...reporters];
  const code = await run(bin("vitest"), given, env);
  const result = await readFile(report, "utf8").then(JSON.parse, () => undefined);
  if (!result) return { passed: 0, failed: 1, skipped: 0 };
  /** @type {TestFile[]} */
  const files = result.testResults;
  const failedTests = files.flatMap((file) => file.assertionResults.filter((one) => one.status === "failed"));
  // A file that could not even be loaded fails without a test of its own having failed.
  const broken = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
  );
  for (const one of failedTests) {
    failures.push(`- ${project}: ${one.fullName}\n    ${firstLine(one.failureMessages[0] ?? "")}`);
  }
  for (const one of broken) failures.push(`- ${project}: ${basename(one.name)}\n    ${firstLine(one.message)}`);
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/** The journeys: a browser, and the server as `npm start` would run it. */
async function journeys() {
  const chromium = await findChromium(console.log);
  await prepareServer(console.log);
  await preparePages(console.log);
  // A third of the time a browser waits for a server, or the other way round.
  return vitest("e2e", { env: { CHROMIUM_PATH: chromium }, workers: manyWorkers });
}

/** @param {string} text */
function firstLine(text) {
  return (text.split("\n")[0] ?? "").slice(0, 300);
}

/** @param {string} program @param {string[]} given @param {Record<string, string>} env @returns {Promise<number>} */
function run(program, given, env) {
  return new Promise((resolve) => {
    const child = spawn(program, given, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
    child.once("error", (error) => {
      console.error(`${program} did not start: ${error.message}`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
