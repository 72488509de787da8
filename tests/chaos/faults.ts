import { until } from "#tests/support/until.ts";
import { appendsUpdates } from "./detour.ts";
import type { Cast, Stage } from "./stage.ts";

/** One way in which the world breaks. `times` is how often it does in a full run. */
export type Fault = {
  readonly what: string;
  readonly times: number;
  readonly cast?: Partial<Cast>;
  play(stage: Stage, times: number): Promise<void>;
};

/** Twenty people in four texts, unless a fault says otherwise. */
export const fullCast = { writers: 20, rooms: 4, servers: 1, pauseMs: 250 } as const;

/** Every fault by its name on the command line. */
export const faults: Readonly<Record<string, Fault>> = {
  kill: {
    what: "kill -9 of the server",
    times: 200,
    play: (stage, times) => stage.repeat(times, (round) => killOnce(stage, round % 2 === 0)),
  },
  database: {
    what: "immediate stop of PostgreSQL",
    times: 20,
    play: (stage, times) =>
      stage.repeat(times, async (round) => {
        await stage.progress(20);
        await dither(stage, 300);
        const start = await stage.database.stopImmediately();
        // Every third time the server dies too, while its edits wait for the database.
        if (round % 3 === 2) await stage.servers[0]?.kill();
        await dither(stage, 500);
        await start();
        if (round % 3 === 2) await stage.servers[0]?.restart();
        await stage.compare();
      }),
  },
  twins: {
    what: "SIGSTOP of one of two servers",
    times: 15,
    cast: { servers: 2, pauseMs: 400 },
    play: (stage, times) =>
      stage.repeat(times, async () => {
        await stage.progress(10);
        const server = stage.servers[stage.random() < 0.5 ? 0 : 1];
        server?.signal("SIGSTOP");
        await stage.progress(5);
        await dither(stage, 1_500);
        server?.signal("SIGCONT");
        await stage.compare();
      }),
  },
  term: {
    what: "SIGTERM under load",
    times: 20,
    play: (stage, times) =>
      stage.repeat(times, async () => {
        await stage.progress(20);
        await dither(stage, 300);
        stage.servers[0]?.signal("SIGTERM");
        const code = await stage.servers[0]?.ended();
        if (code !== 0) throw new Error(`A server that was asked to end ended with ${code}.`);
        await stage.everyoneOffline();
        await stage.compare();
        await stage.servers[0]?.restart();
      }),
  },
  frozen: {
    what: "seconds of a frozen database",
    times: 60,
    play: async (stage, times) => {
      await stage.progress(20);
      const thaw = await stage.database.freeze();
      try {
        await pause(1_000);
        // What was answered before is with the writers by now; asked, they write it down.
        await stage.reports();
        stage.ledgers.read();
        const before = stage.ledgers.latencies.length;
        await pause(times * 1_000);
        stage.ledgers.read();
        const after = stage.ledgers.latencies.length;
        if (after > before) throw new Error(`${after - before} edits were called saved while the database was frozen.`);
        const connected = (await stage.reports()).filter((one) => one.isConnected).length;
        if (connected < stage.writers.length)
          throw new Error(`${stage.writers.length - connected} sockets were dropped while the database was frozen.`);
      } finally {
        thaw();
      }
      await stage.progress(20);
      await stage.compare();
    },
  },
  answers: {
    what: "lost answers to COMMIT",
    times: 40,
    play: async (stage, times) => {
      const { detour } = stage.database;
      const goal = detour.lost + times;
      detour.losesAnswerTo = (statement) => appendsUpdates(statement) && detour.lost < goal && stage.random() < 0.1;
      await until(() => detour.lost >= goal, { what: "answers to be lost", timeoutMs: 240_000 });
      detour.losesAnswerTo = () => false;
      await stage.progress(10);
      await stage.compare();
    },
  },
  frames: {
    what: "kills under doubled, delayed and swapped frames",
    times: 10,
    cast: { isDistorted: true },
    play: (stage, times) => stage.repeat(times, () => killOnce(stage)),
  },
  pool: {
    what: "kills with two connections to the database",
    times: 10,
    cast: { rooms: 10, variables: { POOL: "2" } },
    play: (stage, times) => stage.repeat(times, () => killOnce(stage)),
  },
};

/** A server dies at some moment; before it is back, everything it called saved must be in the database. */
async function killOnce(stage: Stage, isCalm = true): Promise<void> {
  // Calm means that all are back and write; otherwise it dies among those who are coming back.
  if (isCalm) await stage.everyoneOnline();
  await stage.progress(10);
  await dither(stage, 200);
  await stage.servers[0]?.kill();
  await stage.everyoneOffline();
  await stage.compare();
  await stage.servers[0]?.restart();
}

/** A moment that the seed chooses. */
function dither(stage: Stage, msMax: number): Promise<void> {
  return pause(stage.random() * msMax);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
