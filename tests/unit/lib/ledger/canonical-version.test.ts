import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { numbered } from "#lib/domain/charter-text.ts";
import { canonicalVersion, parseCanonicalVersion, versionBytesMax } from "#lib/ledger/canonical-version.ts";
import { decodeUtf8, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { charterOf, charterText, clauseOf, versionPlace } from "./samples.ts";

const place = { charterId: "5b0f7a3e-90c4-4d5a-8a53-7f1f4f0d6c21", version: 1, previous: null };

test("a frozen version reads back to a text that freezes to the same bytes", () => {
  fc.assert(
    fc.property(charterText, versionPlace, (text, where) => {
      const frozen = canonicalVersion(text, where);
      const parsed = parseCanonicalVersion(frozen.bytes);
      expect(parsed.place).toEqual(where);
      expect(canonicalVersion(parsed.text, parsed.place).bytes).toEqual(frozen.bytes);
      expect(numbered(parsed.text.clauses).map(({ number }) => number)).toEqual(
        numbered(text.clauses).map(({ number }) => number),
      );
    }),
    { numRuns: 300 },
  );
});

test("a text whose levels skip none reads back exactly as it was", () => {
  const text = charterOf(
    clauseOf("Whereas", "Networks are shared.", { kind: "preamble", level: 0 }),
    clauseOf("Loose", "Stands before any section."),
    clauseOf("Loose below", "Stands below it.", { level: 2 }),
    clauseOf("Part", "", { kind: "section", level: 0, body: [] }),
    clauseOf("Calm", "Keep calm.", { kind: "definition" }),
    clauseOf("Calmer", "Keep calmer.", { level: 2 }),
    clauseOf("Calmest", "Keep calmest.", { level: 3 }),
    clauseOf("Annex", "More.", { kind: "annex", level: 0 }),
    clauseOf("In the annex", "Much more."),
  );
  expect(parseCanonicalVersion(canonicalVersion(text, place).bytes).text).toEqual(text);
});

test("the hash is SHA-256 of the bytes, and each clause has its own", () => {
  const frozen = canonicalVersion(charterOf(clauseOf("One", "a"), clauseOf("Two", "b")), place);
  expect(frozen.hashHex).toBe(sha256Hex(frozen.bytes));
  expect(frozen.clauseHashes.map(({ number }) => number)).toEqual(["1", "2"]);
  expect(frozen.clauseHashes[1]?.sha256).toBe(sha256Hex(encodeJcs(frozen.canonical.clauses[1])));
});

test("an unchanged clause keeps its hash from one version to the next", () => {
  const first = canonicalVersion(charterOf(clauseOf("One", "a"), clauseOf("Two", "b")), place);
  const second = canonicalVersion(charterOf(clauseOf("One", "other"), clauseOf("Two", "b")), {
    ...place,
    version: 2,
    previous: first.hashHex,
  });
  expect(second.clauseHashes[0]).not.toEqual(first.clauseHashes[0]);
  expect(second.clauseHashes[1]).toEqual(first.clauseHashes[1]);
});

describe("freezing refuses", () => {
  test.each([
    ["two clauses of one id", charterOf(clauseOf("One", "a"), clauseOf("One", "b")), "malformed"],
    ["a blank title", { ...charterOf(), title: " " }, "malformed"],
    ["a language that is none", { ...charterOf(), language: "../en" }, "malformed"],
    ["half a character", charterOf(clauseOf("One", "a\ud800b")), "malformed"],
    ["more than 1 MiB", charterOf(clauseOf("One", "a".repeat(versionBytesMax))), "too-large"],
  ])("%s", (_, text, code) => {
    expect(() => canonicalVersion(text, place)).toThrow(expect.objectContaining({ name: "Refusal", code }));
  });

  test("a hidden character, naming it, its clause and its offset", () => {
    const text = charterOf(clauseOf("One", "fine"), clauseOf("Two", "pay \u202efairly"));
    expect(() => canonicalVersion(text, place)).toThrow(
      "U+202E changes the direction in which text is shown (clause 2, body, paragraph 1, offset 4).",
    );
  });
});

describe("reading refuses", () => {
  const bytes = canonicalVersion(charterOf(clauseOf("One", "a"), clauseOf("Two", "b", { level: 2 })), place).bytes;
  const text = decodeUtf8(bytes);
  test.each([
    ["nothing", ""],
    ["a final line feed", `${text}\n`],
    ["another key", text.replace('"version":1', '"version":1,"x":1')],
    ["another type", text.replace("/v1", "/v2")],
    ["a number that is not where the clause stands", text.replace('"number":"1.1"', '"number":"1.2"')],
    ["a number with too many parts", text.replace('"number":"1.1"', '"number":"1.1.1"')],
    ["version 0", text.replace('"version":1', '"version":0')],
    ["a hidden character", text.replace('"b"', '"\u200b"')],
    ["text that is not in NFC", text.replace('"b"', '"e\u0301"')],
    ["an array", "[]"],
    ["null", "null"],
  ])("%s", (_, changed) => {
    expect(() => parseCanonicalVersion(encodeUtf8(changed))).toThrow(expect.objectContaining({ code: "malformed" }));
  });

  test("every truncation, and never by anything but a refusal", () => {
    for (let end = 0; end < bytes.length; end += 1) {
      expect(() => parseCanonicalVersion(bytes.slice(0, end))).toThrow(expect.objectContaining({ name: "Refusal" }));
    }
  });
});
