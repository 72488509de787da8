// @ts-check
/**
 * `node server/run.mjs <command> …`: a command for operators, from server/cli, bundled like the server, so that it
 * needs no developers' packages and works in an image too.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { enterProject, giveUp } from "./boot/enter.mjs";
import { commands } from "./boot/prepare.mjs";

const [name = ""] = process.argv.splice(2, 1);
try {
  if (!commands.includes(name)) throw new Error(`There is no command "${name}"; there are ${commands.join(", ")}.`);
  await enterProject(console.log);
  await import(pathToFileURL(join("dist", "server", "cli", `${name}.js`)).href);
} catch (error) {
  giveUp(error);
}
