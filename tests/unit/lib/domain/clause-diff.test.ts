import fc from "fast-check";
import { expect, test } from "vitest";
import type { CharterText, Clause } from "#lib/domain/charter-text.ts";
import { compareTexts, wordDifferences } from "#lib/domain/clause-diff.ts";
import { cpuTimeOf } from "#tests/support/cpu-time.ts";

test("the differences of two wordings give both wordings back, word for word", () => {
  fc.assert(
    fc.property(wording(), wording(), (from, to) => {
      const runs = wordDifferences(from, to);
      const join = (left: "added" | "removed") =>
        runs
          .filter((run) => run.kind !== left)
          .map((run) => run.text)
          .join("");
      expect(join("added")).toBe(from);
      expect(join("removed")).toBe(to);
    }),
  );
});

test("equal wordings have no difference, and a replaced word is one", () => {
  expect(wordDifferences("Pay fairly.", "Pay fairly.")).toEqual([{ kind: "same", text: "Pay fairly." }]);
  const changed = wordDifferences("Report each year", "Report each month").filter((run) => run.kind !== "same");
  expect(changed).toEqual([
    { kind: "removed", text: "year" },
    { kind: "added", text: "month" },
  ]);
});

test("two wordings of a hundred thousand words without one in common are compared in bounded time", () => {
  const words = (letter: string) => Array.from({ length: 50_000 }, (_, at) => `${letter}${at}`).join(" ");
  const took = cpuTimeOf(() => expect(wordDifferences(words("a"), words("b"))).toHaveLength(2));
  expect(took).toBeLessThan(30_000);
});

const a = clause("a", "Pay fairly");
const b = clause("b", "Report yearly");
const c = clause("c", "Answer questions");

test.each([
  ["nothing", [a, b, c], [a, b, c], {}],
  ["one added", [a, c], [a, b, c], { b: "added" }],
  ["one removed", [a, b, c], [a, c], { b: "removed" }],
  ["one reworded", [a, b, c], [a, clause("b", "Report monthly"), c], { b: "changed" }],
  ["the last moved first", [a, b, c], [c, a, b], { c: "moved" }],
  ["a sub-clause made of a clause", [a, b, c], [a, { ...b, level: 2 }, c], { b: "moved" }],
] as const)("comparing two texts finds %s", (_name, from, to, expected) => {
  const found = compareTexts(text(from), text(to)).clauses.filter((one) => one.change !== "unchanged");
  expect(Object.fromEntries(found.map((one) => [one.id.slice(0, 1), one.change]))).toEqual(expected);
});

test("a removed clause is shown where it stood", () => {
  const { clauses } = compareTexts(text([a, b, c]), text([a, c]));
  expect(clauses.map((one) => one.id.slice(0, 1))).toEqual(["a", "b", "c"]);
});

test("a clause that only got another number is not called changed", () => {
  const { clauses } = compareTexts(text([b, c]), text([a, b, c]));
  expect(clauses.map((one) => one.change)).toEqual(["added", "unchanged", "unchanged"]);
});

test("every clause of both texts is in the comparison exactly once, and moving back and forth is symmetrical", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(manyClauses(8)), fc.shuffledSubarray(manyClauses(8)), (from, to) => {
      const forth = compareTexts(text(from), text(to));
      const back = compareTexts(text(to), text(from));
      const ids = new Set([...from, ...to].map((one) => one.id));
      expect(forth.clauses.map((one) => one.id).sort()).toEqual([...ids].sort());
      expect(forth.counts.added).toBe(back.counts.removed);
      expect(forth.counts.moved).toBe(back.counts.moved);
    }),
  );
});

function wording(): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom("pay", "fairly", "and", "report", ",", "\n", "  ", "é", "漢字", "•"), { maxLength: 30 })
    .map((words) => words.join(" "));
}

function manyClauses(count: number): Clause[] {
  return Array.from({ length: count }, (_, at) => clause(String.fromCharCode(97 + at), `Words ${at}`));
}

function clause(letter: string, words: string): Clause {
  return { id: letter.repeat(12), kind: "clause", level: 1, heading: "", body: [{ kind: "p", text: words }] };
}

function text(clauses: readonly Clause[]): CharterText {
  return { title: "Accord", language: "en", clauses: [...clauses] };
}

test("a phrase that was replaced reads as the old phrase and then the new one, not word by word in turns", () => {
  expect(wordDifferences("made where that is possible.", "made and at the latest.")).toEqual([
    { kind: "same", text: "made " },
    { kind: "removed", text: "where that is possible" },
    { kind: "added", text: "and at the latest" },
    { kind: "same", text: "." },
  ]);
});
