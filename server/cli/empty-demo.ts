import { readPlace } from "#lib/config/env.ts";
import { emptyWorld } from "../demo/open-world.ts";
import { forgetDemoState } from "../signer/state.ts";
import { reachDatabase } from "./reach-database.ts";

/** `npm run demo:empty`: takes the demo world out of the database that `npm start` uses, so that the real thing can begin in it. */
async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Error("npm run demo:empty takes no arguments.");
  const place = readPlace();
  const database = await reachDatabase(place, { alone: true });
  try {
    await emptyWorld(database.url);
    // The signer would take the new, shorter log for a forgery of the one it remembers.
    await forgetDemoState(place.dataFolder);
    console.log("The database is empty. DEMO=0 npm start begins without the demo world, npm start fills it anew.");
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
