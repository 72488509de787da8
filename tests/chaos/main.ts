/**
 * `npm run chaos -- all`: every fault, each with its full count; `npm run chaos -- kill database --times 20 --seed 7`: these, that often (`--minutes 7`: at most so long each).
 * Writers keep ledgers that are on the disk before anything is called saved; a judge compares them with the database. Ends with 1 when
 * anything was lost, doubled, came back or was invented, or when the judge does not catch a server that lies.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openChaosDatabase } from "./database.ts";
import { playDiskFull } from "./disk-full.ts";
import { faults } from "./faults.ts";
import { openManyRooms } from "./many-rooms.ts";
import { bundleProcesses } from "./processes.ts";
import { catchSabotage, type Outcome, playFault } from "./run.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, times: { type: "string" }, minutes: { type: "string" } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const given = {
  ...(values.times === undefined ? {} : { times: Number(values.times) }),
  ...(values.minutes === undefined ? {} : { minutesMax: Number(values.minutes) }),
};
const known = [...Object.keys(faults), "disk", "rooms", "sabotage"];
const asked = positionals.includes("all") ? known : positionals;
const unknown = asked.find((name) => !known.includes(name));
if (asked.length === 0 || unknown !== undefined) {
  console.error(`Say which: npm run chaos -- all, or some of ${known.join(", ")}.`);
  process.exit(2);
}

let isSound = true;
console.log(`seed ${seed}`);
await bundleProcesses();
const folder = await mkdtemp(join(tmpdir(), "concordat-chaos-"));
await chmod(folder, 0o711);
const database = await openChaosDatabase(folder);
try {
  for (const name of asked) {
    if (name === "sabotage") {
      const lost = await catchSabotage(database, seed);
      isSound &&= lost > 0;
      console.log(`sabotage: ${lost > 0 ? `caught, ${lost} lost edits that were called saved` : "NOT CAUGHT"}`);
    } else if (name === "rooms") {
      const { rooms, early, late, held } = await openManyRooms(database, given.times ?? 10_000);
      const grown = (late - early) / 2 ** 20;
      isSound &&= grown < 5 && held === 0;
      console.log(
        `rooms: ${rooms} opened and closed, ${held} of them held in memory; the heap grew by ${grown.toFixed(1)} MiB after the first tenth`,
      );
    } else {
      const outcome = name === "disk" ? await playDiskFull(seed) : await playFault(database, name, seed, given);
      if (outcome) show(outcome);
    }
  }
} finally {
  await database.close();
  await rm(database.folder, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}
console.log(isSound ? "Nothing acknowledged was lost." : `FAILED; play it again with --seed ${seed}.`);
process.exit(isSound ? 0 : 1);

function show(outcome: Outcome): void {
  const { name, lost, duplicate, zombie, phantom, missing, saved, deletions, refusals } = outcome;
  isSound &&= lost + duplicate + zombie + phantom + missing === 0;
  console.log(
    `${name}: ${outcome.times} × ${faults[name]?.what ?? "a full disk"} in ${outcome.seconds} s, seed ${outcome.seed}: ` +
      `${saved} inserts and ${deletions} deletions acknowledged (p50 ${outcome.p50Ms} ms, p99 ${outcome.p99Ms} ms); ` +
      `lost ${lost}, dup ${duplicate}, zombie ${zombie}, phantom ${phantom}, missing ${missing}; copies refused ${refusals.length} ${[...new Set(refusals)].join(", ")}`,
  );
}
