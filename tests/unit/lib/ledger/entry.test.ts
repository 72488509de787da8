import { describe, expect, test } from "vitest";
import { type Entry, encodeEntry, entryBytesMax, parseEntry } from "#lib/ledger/entry.ts";
import { decodeUtf8, encodeUtf8 } from "#lib/ledger/hash.ts";
import { actEntry, allEntries } from "./log-samples.ts";

test.each(allEntries.map((entry) => [entry.type, entry] as const))(
  "a %s entry is read back as it was written",
  (_, entry) => {
    expect(parseEntry(encodeEntry(entry))).toEqual(entry);
  },
);

test("the whole public list can be read from the acts alone, and no act names a person", () => {
  expect(Object.keys(actEntry).filter((key) => /person|name|email|officer/i.test(key))).toEqual([
    "legalName",
    "displayName",
    "officerTitle",
    "officerCommitment",
  ]);
});

describe("an entry is refused", () => {
  const cases: [string, unknown, string][] = [
    ["with another key", { ...actEntry, officerName: "Ada Lindqvist" }, "malformed"],
    ["of another type", { ...actEntry, type: "vote" }, "malformed"],
    ["of a later version", { ...actEntry, v: 2 }, "malformed"],
    ["that claims a passkey without a key", { ...actEntry, key: null }, "malformed"],
    ["that has a key in class B", { ...actEntry, evidenceClass: "B" }, "malformed"],
    ["that signs without a statement", { ...actEntry, statementSha256: null }, "malformed"],
    ["with a hidden character in a name", { ...actEntry, legalName: "North\u200blight" }, "malformed"],
    ["with a number of 0", { ...actEntry, number: 0 }, "malformed"],
    ["with a day that does not exist", { ...actEntry, signedAt: "2031-02-30T00:00:00.000Z" }, "malformed"],
    [
      "larger than 4 KiB",
      {
        ...actEntry,
        legalName: "漢".repeat(500),
        displayName: "字".repeat(500),
        appearanceStatement: "か".repeat(500),
      },
      "too-large",
    ],
  ];
  test.each(cases)("%s", (_, entry, code) => {
    // The cases are wrong on purpose; the types would not let a caller write most of them.
    expect(() => encodeEntry(entry as Entry)).toThrow(expect.objectContaining({ name: "Refusal", code }));
  });

  test("in any but its canonical bytes", () => {
    const text = decodeUtf8(encodeEntry(actEntry));
    for (const changed of [`${text} `, ` ${text}`, text.replace(":", ": "), text.slice(1), "", "null", "[]"]) {
      expect(() => parseEntry(encodeUtf8(changed))).toThrow(expect.objectContaining({ code: "malformed" }));
    }
    expect(() => parseEntry(new Uint8Array(entryBytesMax + 1))).toThrow(expect.objectContaining({ code: "too-large" }));
  });
});
