import { readEnv } from "#lib/config/env.ts";
import { renewGenerations } from "#lib/data/room-generation.ts";
import { openStore } from "#lib/data/store.ts";
import { reachDatabase } from "./reach-database.ts";

/**
 * `npm run db:restored`: to be run before Concordat is started again on a database that was put back to an earlier state, such as a copy of the data
 * folder. Browsers that know a later text then open a fresh copy and keep their own words beside it. A restored dump is noticed without it.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Error("npm run db:restored takes no arguments.");
  const database = await reachDatabase(readEnv(), { alone: true });
  const store = openStore(database.url, 1);
  try {
    const rooms = await renewGenerations(store.pool, true);
    console.log(`${rooms} open texts have a new generation; browsers that come back open a fresh copy.`);
  } finally {
    await store.close();
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
