import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChaosDatabase, openChaosDatabase } from "#tests/chaos/database.ts";
import { bundleProcesses } from "#tests/chaos/processes.ts";
import { catchSabotage, playFault } from "#tests/chaos/run.ts";
import { seed } from "#tests/support/seed.ts";

const sound = { lost: 0, duplicate: 0, zombie: 0, phantom: 0, missing: 0 };
const small = { writers: 3, rooms: 2, pauseMs: 60 };

let folder: string;
let database: ChaosDatabase;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "concordat-chaos-"));
  await chmod(folder, 0o711);
  [database] = await Promise.all([openChaosDatabase(folder), bundleProcesses()]);
});
afterAll(async () => {
  await database.close();
  await rm(database.folder, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

/** A short run of `npm run chaos`; a fault's full count is in tests/chaos/faults.ts. */
describe(`what is called saved is saved, whoever dies (SEED=${seed})`, () => {
  test.each([
    ["kill", "three kills of the server", 3],
    ["database", "PostgreSQL stopped at once, and the server with it", 3],
    ["answers", "lost answers to COMMIT", 3],
    ["frozen", "a frozen database, and no socket dropped for it", 2],
    ["twins", "one of two servers standing still", 1],
  ])("%s: %s: nothing lost, doubled, brought back or invented", async (name, _what, times) => {
    const outcome = await playFault(database, name, seed, { ...small, times });
    expect(outcome).toMatchObject(sound);
    expect(outcome.saved).toBeGreaterThan(10);
    expect(outcome.refusals).toEqual([]);
  });

  test("the judge catches a server that acknowledges before the COMMIT", async () => {
    expect(await catchSabotage(database, seed, 3)).toBeGreaterThan(0);
  });
});
