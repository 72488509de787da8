// @ts-check
/**
 * `npm start` (`--prepare` stops before serving, for images): makes ready what is missing, then becomes the server, in
 * this same process, so that signals reach it.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { enterProject, giveUp } from "./boot/enter.mjs";
import { preparePages } from "./boot/prepare.mjs";

try {
  await enterProject(say);
  if (process.argv.includes("--prepare")) {
    await preparePages(say);
    process.exit(0);
  }
  const { boot } = await import(pathToFileURL(join("dist", "server", "main.js")).href);
  await boot({ say, buildPages: () => preparePages(say) });
} catch (error) {
  giveUp(error);
}

/** @param {string} line */
function say(line) {
  console.log(line);
}
