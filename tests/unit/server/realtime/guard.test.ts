import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena, noHarm } from "#tests/fuzz/arena.ts";
import { histories, playHistory } from "#tests/fuzz/history.ts";
import { randomOf } from "#tests/support/random.ts";
import { seed } from "#tests/support/seed.ts";

const runs = 150;
const frames = 5_000;

describe("the guard", () => {
  test(`never refuses what honest editors do: ${runs} random histories of three people in four tabs`, () => {
    // The whole number is in `npm run fuzz:histories`.
    fc.assert(
      fc.property(histories, ([steps, gc]) => {
        expect(playHistory(steps, gc)).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  test(`${frames} mutated frames (SEED=${seed}) never throw, never change anybody else's words, never leave anything pending`, async () => {
    const arena = new Arena(randomOf(seed));
    await arena.play(frames);
    expect(arena.harm).toEqual(noHarm);
    expect(arena.tally.taken).toBeGreaterThan(10);
    // Ten to thirteen reasons with most seeds; fewer than these would be a fuzzer that knocks at one door only.
    expect(arena.tally.reasons.size).toBeGreaterThan(4);
  });
});
