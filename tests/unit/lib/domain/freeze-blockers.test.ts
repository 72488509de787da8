import { expect, test } from "vitest";
import type { CharterText } from "#lib/domain/charter-text.ts";
import { type FreezeQuestion, freezeFindings } from "#lib/domain/freeze-blockers.ts";

const id = "a".repeat(12);
const text: CharterText = {
  title: "Accord",
  language: "en",
  clauses: [{ id, kind: "clause", level: 1, heading: "Pay", body: [{ kind: "p", text: "Fairly." }] }],
};
const clean: FreezeQuestion = {
  text,
  textSha256Hex: "1".repeat(64),
  undefinedReferences: [],
  characterProblems: [],
  openThreads: 0,
  positions: [],
};
const objection = { name: "Northlight", value: "OBJECT" };

const cases: readonly [string, Partial<FreezeQuestion>, readonly string[]][] = [
  ["a clean text", {}, []],
  ["a text without a title", { text: { ...text, title: " " } }, ["blocker empty"]],
  ["a text without clauses", { text: { ...text, clauses: [] } }, ["blocker empty"]],
  ["a reference to a clause that is gone", { undefinedReferences: [{ clauseId: id }] }, ["blocker reference"]],
  [
    "an objection to exactly this text",
    { positions: [{ ...objection, textSha256Hex: "1".repeat(64) }] },
    ["blocker objection"],
  ],
  [
    "an objection to an earlier text",
    { positions: [{ ...objection, textSha256Hex: "2".repeat(64) }] },
    ["warning stale"],
  ],
  ["an open thread", { openThreads: 1 }, ["warning threads"]],
  ["a refused character", { characterProblems: [{ sentence: "U+202E …", clauseId: id }] }, ["blocker character"]],
];

test.each(cases)("%s is found before a freeze", (_name, part, expected) => {
  expect(freezeFindings({ ...clean, ...part }).map((one) => `${one.weight} ${one.kind}`)).toEqual(expected);
});
