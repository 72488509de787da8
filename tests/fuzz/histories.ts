/**
 * `npm run fuzz:histories`: random histories of honest people against the guard, `--runs 10000` of them in process, `--undoings 10000` of people who
 * mostly undo, and `--sockets 200` over real sockets with the client that browsers have. Ends with 1 when an honest edit was refused or texts differ at the end. `--seed` plays a run again.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import fc from "fast-check";
import pg from "pg";
import { openChaosDatabase } from "#tests/chaos/database.ts";
import { bundleProcesses, ServerProcess } from "#tests/chaos/processes.ts";
import { histories, playHistory, undoings } from "./history.ts";
import { playSocketHistory } from "./socket-history.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    undoings: { type: "string", default: "10000" },
    sockets: { type: "string", default: "200" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
  },
});
const seed = Number(values.seed);
console.log(`seed ${seed}`);
const inProcess =
  playInProcess("in process", histories, Number(values.runs)) +
  playInProcess("in process, undoing", undoings, Number(values.undoings));
const overSockets = await playOverSockets(Number(values.sockets));
process.exit(inProcess + overSockets > 0 ? 1 : 0);

function playInProcess(name: string, kind: typeof histories, runs: number): number {
  if (runs === 0) return 0;
  let updates = 0;
  const result = fc.check(
    fc.property(kind, ([steps, gc]) => {
      updates += steps.length;
      return playHistory(steps, gc).length === 0;
    }),
    { numRuns: runs, seed },
  );
  if (result.failed)
    console.log(`${name}: FAILED after ${result.numRuns} histories: ${fc.defaultReportMessage(result)}`);
  else console.log(`${name}: ${result.numRuns} histories with ${updates} deeds, 0 false refusals`);
  return result.failed ? 1 : 0;
}

async function playOverSockets(runs: number): Promise<number> {
  if (runs === 0) return 0;
  await bundleProcesses();
  const folder = await mkdtemp(join(tmpdir(), "concordat-histories-"));
  await chmod(folder, 0o711);
  const database = await openChaosDatabase(folder);
  const server = await ServerProcess.start(database.url);
  const pool = new pg.Pool({ connectionString: database.directUrl, max: 2 });
  // The database may end before it has heard that the pool does.
  pool.on("error", () => {});
  const restart = async () => {
    await server.kill();
    await server.restart();
  };
  let bad = 0;
  try {
    for (let run = 0; run < runs; run += 1) {
      const wrong = await playSocketHistory({ url: server.url, pool, restart }, seed + run);
      if (wrong.length > 0) console.log(`history ${seed + run}: ${wrong.join("; ")}`);
      bad += wrong.length > 0 ? 1 : 0;
    }
  } finally {
    await server.kill();
    await pool.end();
    await database.close();
    await rm(database.folder, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`over sockets: ${runs} histories, ${bad} with a false refusal or texts that differ`);
  return bad;
}
