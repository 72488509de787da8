// @ts-check
/**
 * What has to lie ready before the server can run: packages, the Prisma client, the bundle of the server, the build
 * of the pages. Each is made only when what it is made from has changed.
 */
import { spawn } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { takeProcessLock } from "./process-lock.mjs";

const progressEveryMs = 10_000;
const bundle = join("dist", "server");

/** What operators run beside the server, by the names of its files in server/cli. */
export const commands = ["operator", "empty-demo", "test-mail", "check-rooms", "rooms-restored"];

/** Packages as package-lock.json names them; `npm ci` where one is missing or of another version. @param {(line: string) => void} say */
export async function preparePackages(say) {
  if (await packagesAreInstalled()) return;
  await alone("packages", say, async () => {
    if (await packagesAreInstalled()) return;
    say("Installing packages (about a minute the first time) …");
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], say, "Packages could not be installed");
  });
}

/** The Prisma client and the bundle of everything under server/. @param {(line: string) => void} say */
export async function prepareServer(say) {
  const { generateClient, isClientFresh } = await import("../database/generate.mjs");
  const isBundleFresh = () => isNewer(join(bundle, "main.js"), ["server", "lib", "package.json"]);
  if ((await isClientFresh()) && (await isBundleFresh())) return;
  await alone("server", say, async () => {
    if (await generateClient()) say("Generated the database client.");
    if (await isBundleFresh()) return;
    await bundleServer();
  });
}

async function bundleServer() {
  const { build, stop } = await import("esbuild");
  const fresh = `${bundle}.new`;
  await rm(fresh, { recursive: true, force: true });
  try {
    await build({
      entryPoints: ["main", "demo/fill", "realtime/history-thread", ...commands.map((name) => `cli/${name}`)].map(
        (name) => `server/${name}.ts`,
      ),
      outdir: fresh,
      outbase: "server",
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      packages: "external",
      jsx: "automatic",
      sourcemap: true,
      logLevel: "silent",
    });
  } catch (error) {
    // A part that is missing, or a file that cannot be read: the first one is enough to know.
    const [head, reason] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new Error(`The server could not be bundled (${(reason ?? head)?.replace(/\.$/, "")}).`, { cause: error });
  } finally {
    await stop();
  }
  // Renamed at the end: a bundle that was cut off is never mistaken for a whole one.
  await rm(bundle, { recursive: true, force: true });
  await rename(fresh, bundle);
}

/** What readers check receipts with, served from public/verify. @param {(line: string) => void} say */
async function prepareVerifier(say) {
  const folder = join("public", "verify");
  const isFresh = () => isNewer(join(folder, "SHA256SUMS"), ["server/cli", "lib/ledger", "lib/domain", "package.json"]);
  if (await isFresh()) return;
  await alone("verifier", say, async () => {
    if (await isFresh()) return;
    const [{ buildVerifier }, { stop }] = await Promise.all([import("../cli/build-verifier.mjs"), import("esbuild")]);
    try {
      await buildVerifier(folder);
    } finally {
      await stop();
    }
  });
}

/** The build of the pages, and the files beside them. @param {(line: string) => void} say */
export async function preparePages(say) {
  await prepareVerifier(say);
  const sources = ["app", "lib", "package-lock.json", "next.config.mjs", "postcss.config.mjs", "tsconfig.json"];
  const isFresh = () => isNewer(join(".next", "BUILD_ID"), sources);
  if (await isFresh()) return;
  await alone("pages", say, async () => {
    if (await isFresh()) return;
    say("Building the pages (about half a minute) …");
    const next = join("node_modules", "next", "dist", "bin", "next");
    // Without its old id a build that is cut off is not mistaken for a whole one.
    await rm(join(".next", "BUILD_ID"), { force: true });
    await run(process.execPath, [next, "build"], say, "The pages could not be built");
  });
}

/** Two starts in one folder would spoil each other's work: the second waits for the first. @param {string} what @param {(line: string) => void} say @param {() => Promise<void>} work */
async function alone(what, say, work) {
  await mkdir("dist", { recursive: true }).catch(() => {});
  for (let round = 0; ; round += 1) {
    const lock = takeProcessLock(join("dist", `${what}.lock`));
    if ("heldBy" in lock) {
      if (round === 0) say(`Another start (process ${lock.heldBy}) is preparing the ${what}; waiting for it …`);
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      return await work();
    } finally {
      lock.release();
    }
  }
}

async function packagesAreInstalled() {
  try {
    const wanted = JSON.parse(await readFile("package-lock.json", "utf8")).packages;
    const installed = JSON.parse(await readFile(join("node_modules", ".package-lock.json"), "utf8")).packages;
    const names = Object.keys(wanted).filter(
      (name) => name !== "" && !wanted[name].optional && !wanted[name].devOptional,
    );
    // An image for production is installed without the developers' packages: then none of them is there.
    const withDevelopers = names.some((name) => wanted[name].dev && installed[name]);
    return names.every(
      (name) =>
        installed[name]?.version === wanted[name].version || (wanted[name].dev && !withDevelopers && !installed[name]),
    );
  } catch {
    return false;
  }
}

/** Whether `target` exists and nothing under `sources` was changed after it. @param {string} target @param {string[]} sources */
async function isNewer(target, sources) {
  const made = await stat(target).then(
    (entry) => entry.mtimeMs,
    () => 0,
  );
  if (made === 0) return false;
  for (const source of sources) if ((await newest(source)) > made) return false;
  return true;
}

/** The time of the latest change at or under `path`; a folder's own time tells of files that are gone. @param {string} path @returns {Promise<number>} */
async function newest(path) {
  const entry = await stat(path).catch(() => undefined);
  if (!entry) return 0;
  if (!entry.isDirectory()) return entry.mtimeMs;
  const times = await Promise.all((await readdir(path)).map((name) => newest(join(path, name))));
  return Math.max(entry.mtimeMs, ...times);
}

/** Runs a command quietly; its output is shown only when it fails. @param {string} command @param {string[]} given @param {(line: string) => void} say @param {string} complaint */
async function run(command, given, say, complaint) {
  const started = Date.now();
  const child = spawn(command, given, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_ENV: command === "npm" ? undefined : "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk) => (output = (output + chunk).slice(-20_000)));
  const timer = setInterval(() => say(`  … ${Math.round((Date.now() - started) / 1000)} s`), progressEveryMs);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    if (code === 0) return;
  } catch (error) {
    throw new Error(`${complaint}: ${command} did not start (${error instanceof Error ? error.message : error}).`);
  } finally {
    clearInterval(timer);
  }
  await mkdir("dist", { recursive: true });
  const log = join("dist", "failure.log");
  await writeFile(log, output);
  const reason = output
    .split("\n")
    .find((line) => /error/i.test(line))
    ?.trim();
  throw new Error(`${complaint}${reason ? ` (${reason.slice(0, 160)})` : ""}; the whole output is in ${log}.`);
}
