/**
 * `npm run fuzz:ws -- --frames 1000000 --seed 1`: mutated frames against the server's own code. Goes in chunks of ten thousand, each with a seed of
 * its own, so that `--from 400000` goes on where an earlier run ended (`--minutes 7` ends one). Ends with 1 on the first harm.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { checkRooms } from "#lib/data/room-check.ts";
import { openChaosDatabase } from "#tests/chaos/database.ts";
import { bundleProcesses, ServerProcess } from "#tests/chaos/processes.ts";
import { randomOf } from "#tests/support/random.ts";
import { Arena, type Harm, noHarm } from "./arena.ts";
import { playNeighbours } from "./neighbours.ts";
import { attack } from "./socket-attack.ts";

const { values } = parseArgs({
  options: {
    frames: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    from: { type: "string", default: "0" },
    minutes: { type: "string", default: "60" },
    sockets: { type: "string", default: "20000" },
  },
});
const seed = Number(values.seed);
const until = Number(values.from) + Number(values.frames);
const chunk = 10_000;
/** Texts between whose letters others are forged, for each chunk. */
const neighbourRounds = 100;
const deadline = performance.now() + Number(values.minutes) * 60_000;
const total: Harm = { ...noHarm };
const reasons = new Map<string, number>();
let taken = 0;
let at = Number(values.from);
console.log(`seed ${seed}, from frame ${at}`);
for (; at < until && performance.now() < deadline; at += chunk) {
  const arena = new Arena(randomOf(seed + at), (kind, frame) => {
    console.log(`${kind} at a frame after ${at}: ${Buffer.from(frame).toString("hex")}`);
  });
  await arena.play(Math.min(chunk, until - at));
  for (let round = 0; round < neighbourRounds; round += 1) {
    const { unlike } = playNeighbours(randomOf(seed + at + round));
    if (unlike.length > 0)
      console.log(`forged neighbours of seed ${seed + at + round} read otherwise ${unlike.join(", ")}`);
    total.unlike += unlike.length;
  }
  taken += arena.tally.taken;
  for (const [reason, count] of arena.tally.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  for (const kind of ["thrown", "pending", "foreign", "unlike", "strange"] as const) total[kind] += arena.harm[kind];
}
const list = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${count}`);
console.log(
  `${Math.min(at, until) - Number(values.from)} frames, ${taken} changed the text, refused: ${list.join(", ")}`,
);
console.log(
  `threw ${total.thrown}, left pending ${total.pending}, changed foreign text ${total.foreign}, rows unlike the room ${total.unlike}, took what no draft holds ${total.strange}`,
);
if (at < until) console.log(`To go on: npm run fuzz:ws -- --seed ${seed} --from ${at} --frames ${until - at}`);
const isUnharmed = await overSockets(Number(values.sockets));
process.exit(isUnharmed && Object.values(total).every((count) => count === 0) ? 0 : 1);

/** The same frames over real sockets, and what somebody in another room notices of it. */
async function overSockets(frames: number): Promise<boolean> {
  if (frames === 0) return true;
  await bundleProcesses();
  const folder = await mkdtemp(join(tmpdir(), "concordat-fuzz-"));
  await chmod(folder, 0o711);
  const database = await openChaosDatabase(folder);
  const server = await ServerProcess.start(database.url);
  const pool = new pg.Pool({ connectionString: database.directUrl, max: 2 });
  // The database may end before it has heard that the pool does.
  pool.on("error", () => {});
  try {
    const outcome = await attack(server.url, pool, frames, randomOf(seed));
    const { rows, findings } = await checkRooms(pool);
    console.log(
      `${outcome.frames} frames judged over sockets; an innocent room's words were saved in p50 ${quantile(outcome.calm, 0.5)}, p99 ${quantile(outcome.calm, 0.99)} ms before ` +
        `and p50 ${quantile(outcome.attacked, 0.5)}, p99 ${quantile(outcome.attacked, 0.99)} ms during the attack; ` +
        `its text is ${outcome.isInnocentWhole ? "whole" : "NOT WHOLE"}; the attacked text took ${outcome.rows} rows, ` +
        `${outcome.harm ?? "and others' words in it are as they were"}; ${rows} rows checked, ${findings.length} findings`,
    );
    return outcome.isInnocentWhole && outcome.harm === undefined && findings.length === 0 && server.isAlive;
  } finally {
    await server.kill();
    await pool.end();
    await database.close();
    await rm(database.folder, { recursive: true, force: true });
    await rm(folder, { recursive: true, force: true });
  }
}

function quantile(took: readonly number[], share: number): string {
  const sorted = [...took].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
}
