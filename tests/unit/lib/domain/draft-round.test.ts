import { expect, test } from "vitest";
import {
  eventsOf,
  isOpenRound,
  nextState,
  type RoundEvent,
  type RoundState,
  roundStates,
} from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";

const allowed: readonly [RoundState, RoundEvent, RoundState][] = [
  ["DRAFTING", "start-review", "REVIEW"],
  ["DRAFTING", "freeze", "FINAL_CALL"],
  ["DRAFTING", "abandon", "ABANDONED"],
  ["REVIEW", "back-to-drafting", "DRAFTING"],
  ["REVIEW", "freeze", "FINAL_CALL"],
  ["REVIEW", "abandon", "ABANDONED"],
  ["FINAL_CALL", "withdraw-candidate", "REVIEW"],
  ["FINAL_CALL", "adopt", "ADOPTED"],
  ["FINAL_CALL", "abandon", "ABANDONED"],
];
const events = [...new Set(allowed.map(([, event]) => event))];

test.each(allowed)("a round in %s may %s and is then in %s", (from, event, to) => {
  expect(nextState(from, event)).toBe(to);
  expect(eventsOf(from)).toContain(event);
});

test("everything else is refused with where the round stands", () => {
  for (const state of roundStates) {
    for (const event of events) {
      if (allowed.some(([from, known]) => from === state && known === event)) continue;
      expect(() => nextState(state, event)).toThrow(Refusal);
    }
  }
});

test("a round that was adopted or closed never moves again", () => {
  expect(roundStates.filter((state) => !isOpenRound(state))).toEqual(["ADOPTED", "ABANDONED"]);
});
