/**
 * `npm run fuzz:ws -- --frames 1000000 --seed 1`: mutated frames against the server's own code. Goes in chunks of ten thousand, each with a seed of
 * its own, so that `--from 400000` goes on where an earlier run ended (`--minutes 7` ends one). Ends with 1 on the first harm.
 */
import { parseArgs } from "node:util";
import { randomOf } from "#tests/support/random.ts";
import { Arena, type Harm } from "./arena.ts";

const { values } = parseArgs({
  options: {
    frames: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    from: { type: "string", default: "0" },
    minutes: { type: "string", default: "60" },
  },
});
const seed = Number(values.seed);
const until = Number(values.from) + Number(values.frames);
const chunk = 10_000;
const deadline = performance.now() + Number(values.minutes) * 60_000;
const total: Harm = { thrown: 0, pending: 0, foreign: 0, unlike: 0 };
const reasons = new Map<string, number>();
let taken = 0;
let at = Number(values.from);
console.log(`seed ${seed}, from frame ${at}`);
for (; at < until && performance.now() < deadline; at += chunk) {
  const arena = new Arena(randomOf(seed + at), (kind, frame) => {
    console.log(`${kind} at a frame after ${at}: ${Buffer.from(frame).toString("hex")}`);
  });
  await arena.play(Math.min(chunk, until - at));
  taken += arena.tally.taken;
  for (const [reason, count] of arena.tally.reasons) reasons.set(reason, (reasons.get(reason) ?? 0) + count);
  for (const kind of ["thrown", "pending", "foreign", "unlike"] as const) total[kind] += arena.harm[kind];
}
const list = [...reasons].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `${reason} ${count}`);
console.log(
  `${Math.min(at, until) - Number(values.from)} frames, ${taken} changed the text, refused: ${list.join(", ")}`,
);
console.log(
  `threw ${total.thrown}, left pending ${total.pending}, changed foreign text ${total.foreign}, rows unlike the room ${total.unlike}`,
);
if (at < until) console.log(`To go on: npm run fuzz:ws -- --seed ${seed} --from ${at} --frames ${until - at}`);
process.exit(Object.values(total).some((count) => count > 0) ? 1 : 0);
