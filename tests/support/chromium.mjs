// @ts-check
/** Finds the browser for the journeys. Plain JavaScript, because tests/run.mjs uses it too. */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const usualPlaces = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/opt/google/chrome/chrome",
  "/snap/bin/chromium",
];

/** How Chromium is started: without a screen, and without talking to anybody but us. */
export const chromiumArguments = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The path of a Chromium or Chrome: CHROMIUM_PATH, an installed one, else Debian's package, which is then installed.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<string>}
 * @throws {Error} in one sentence, when there is none and none can be installed.
 */
export async function findChromium(say) {
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (isProgram(given)) return given;
    throw new Error(`CHROMIUM_PATH (${given}) is not a program that can be run.`);
  }
  const found = installed();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath("apt-get")) {
    say("Installing Debian's chromium …");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env, stdio: "ignore" });
  }
  const now = installed();
  if (now) return now;
  throw new Error(
    "The journeys need a Chromium or Chrome: install one (apt-get install chromium) or set CHROMIUM_PATH.",
  );
}

function installed() {
  return [...names.map(onPath), ...usualPlaces].find((path) => path && isProgram(path));
}

/** @param {string} name */
function onPath(name) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
