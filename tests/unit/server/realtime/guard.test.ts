import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { Arena } from "#tests/fuzz/arena.ts";
import { textsOf } from "#tests/fuzz/edits.ts";
import { histories, playHistory } from "#tests/fuzz/history.ts";
import { randomOf } from "#tests/support/random.ts";
import { seed } from "#tests/support/seed.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

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
  }, 120_000);

  test(`${frames} mutated frames (SEED=${seed}) never throw, never change anybody else's words, never leave anything pending`, async () => {
    const arena = new Arena(randomOf(seed));
    await arena.play(frames);
    expect(arena.harm).toEqual({ thrown: 0, pending: 0, foreign: 0, unlike: 0 });
    expect(arena.tally.taken).toBeGreaterThan(10);
    // Ten to thirteen reasons with most seeds; fewer than these would be a fuzzer that knocks at one door only.
    expect(arena.tally.reasons.size).toBeGreaterThan(4);
  }, 120_000);

  test("a known part that leans on what nobody has is refused, not left pending", () => {
    const doc = new Y.Doc({ gc: false });
    const update = seedUpdate(charter("T", clause("a", "A", ["one"])), 1);
    Y.applyUpdate(doc, update);
    const [text] = textsOf(doc);
    // The known item "one" of client 1, said to stand to the right of something of client 77.
    const item = text?._start;
    if (!item) throw new Error("There is no text.");
    const leaning = Uint8Array.of(1, 1, 1, item.id.clock, 0x84, 77, 0, 3, 111, 110, 101, 0);
    expect(inspectUpdate(leaning, doc, () => true)).toEqual({ kind: "refused", reason: "unknown-origin" });
  });

  test("a known part that leans on the middle of a character is refused: the character is not cut in two", () => {
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, seedUpdate(charter("T", clause("a", "A", ["\u{1f600}", "one"])), 1));
    const [emoji, one] = textsOf(doc)
      .map((text) => text._start)
      .filter((item) => item?.content instanceof Y.ContentString && ["\u{1f600}", "one"].includes(item.content.str));
    if (!emoji || !one) throw new Error("The text is not as it was seeded.");
    for (const [info, clock] of [
      [0x84, emoji.id.clock],
      [0x44, emoji.id.clock + 1],
    ] as const) {
      // The known item "one" again, said to stand beside one half of the other.
      const leaning = Uint8Array.of(1, 1, 1, one.id.clock, info, 1, clock, 3, 111, 110, 101, 0);
      expect(inspectUpdate(leaning, doc, () => true)).toEqual({ kind: "refused", reason: "split-character" });
    }
  });
});
