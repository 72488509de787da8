import { readEnv } from "#lib/config/env.ts";
import { checkRooms } from "#lib/data/room-check.ts";
import { openStore } from "#lib/data/store.ts";
import { reachDatabase } from "./reach-database.ts";

/**
 * `npm run db:check`: reads every row of every drafting room and compares it with its hash, with the chain, with the snapshots and with the
 * leases of who wrote it. Says one sentence for each thing that is wrong, and ends with 1 when there is any. Changes nothing; may run beside the
 * server.
 */
async function main(args: readonly string[]): Promise<void> {
  if (args.length > 0) throw new Error("npm run db:check takes no arguments.");
  const database = await reachDatabase(readEnv());
  const store = openStore(database.url, 1);
  try {
    const { rooms, rows, snapshots, findings } = await checkRooms(store.pool);
    for (const finding of findings) console.log(finding);
    console.log(
      `${rooms} rooms, ${rows} rows and ${snapshots} snapshots read; ${findings.length === 0 ? "all as they were written" : `${findings.length} findings`}.`,
    );
    if (findings.length > 0) process.exitCode = 1;
  } finally {
    await store.close();
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
