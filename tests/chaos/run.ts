import type { ChaosDatabase } from "./database.ts";
import { faults, fullCast } from "./faults.ts";
import { type Cast, type Findings, Stage } from "./stage.ts";

/** What a fault left behind. */
export type Outcome = Findings & {
  readonly name: string;
  readonly seed: number;
  readonly times: number;
  readonly saved: number;
  readonly deletions: number;
  /** Copies that the server refused, with its reasons. */
  readonly refusals: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly seconds: number;
};

/** Plays one fault `times` times and judges it. The same seed plays the same edits and the same moments. */
export async function playFault(
  database: ChaosDatabase,
  name: string,
  seed: number,
  given: Partial<Cast> & { readonly times?: number } = {},
): Promise<Outcome> {
  const fault = faults[name];
  if (!fault) throw new Error(`There is no fault "${name}"; there are ${Object.keys(faults).join(", ")}.`);
  const { times = fault.times, ...cast } = given;
  const started = performance.now();
  const stage = await Stage.open(database, { ...fullCast, ...fault.cast, ...cast, seed });
  try {
    await fault.play(stage, times);
    const reports = await stage.finish();
    const { ledgers, findings } = stage;
    const sorted = ledgers.latencies.sort((a, b) => a - b);
    return {
      name,
      seed,
      times: stage.rounds || times,
      ...findings,
      saved: ledgers.savedInserts.size,
      deletions: ledgers.savedDeletes.size,
      refusals: reports.flatMap((one) => one.refusals),
      p50Ms: sorted[Math.floor(sorted.length * 0.5)] ?? 0,
      p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
      seconds: Math.round((performance.now() - started) / 1_000),
    };
  } finally {
    await stage.close();
  }
}

/**
 * The judge judged: a server that acknowledges before the COMMIT is killed. Gives how many of the edits that it called saved were
 * found to be lost; the judge is worth nothing if that is 0.
 */
export async function catchSabotage(database: ChaosDatabase, seed: number, writers = 6): Promise<number> {
  const cast = { ...fullCast, seed, writers, rooms: 2, pauseMs: 60, variables: { SABOTAGE: "early" } };
  const stage = await Stage.open(database, cast);
  try {
    await stage.progress(20);
    await stage.servers[0]?.kill();
    await stage.everyoneOffline();
    return (await stage.compare()).lost.length;
  } finally {
    await stage.close();
  }
}
