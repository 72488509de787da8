import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import {
  appearanceHash,
  declarationHash,
  formatStatement,
  officerCommitment,
  parseStatement,
  type Statement,
  statementHash,
} from "#lib/ledger/statement.ts";
import { statements } from "./samples.ts";

const statement: Statement = {
  origin: "concordat.example/log",
  action: "sign",
  charterId: "5b0f7a3e-90c4-4d5a-8a53-7f1f4f0d6c21",
  charterTitle: "Accord on Calm Networks",
  version: 3,
  versionSha256: "1".repeat(64),
  organizationId: "0d9f4c1a-5a74-4f0b-9a52-3d1b0f6f8e77",
  organizationName: "Northlight Cooperative",
  organizationDomain: "northlight.example.org",
  organizationKey: "2".repeat(64),
  officerTitle: "General Counsel",
  officerCommitment: "3".repeat(64),
  mandate: { id: "7c1e2b90-3a41-4a80-8a55-6b0d2f1c9e10", from: "2031-01-01T00:00:00.000Z", to: null },
  reservations: [
    { clauseId: "aaaaaaaaaaaa", sha256: "4".repeat(64) },
    { clauseId: "bbbbbbbbbbbb", sha256: "5".repeat(64) },
  ],
  declarationSha256: null,
  appearanceSha256: "6".repeat(64),
  publishNotBefore: "2031-05-04T09:30:00.000Z",
  expires: "2031-06-01T00:00:00.000Z",
  log: { origin: "concordat.example/log", size: 17, root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
  nonce: "7".repeat(32),
};

test("a statement is written as lines that a person can read", () => {
  expect(formatStatement(statement)).toBe(`concordat.example/log/statement/v1
action sign
charter 5b0f7a3e-90c4-4d5a-8a53-7f1f4f0d6c21
charter-title Accord on Calm Networks
version 3
version-sha256 ${"1".repeat(64)}
organization 0d9f4c1a-5a74-4f0b-9a52-3d1b0f6f8e77
organization-name Northlight Cooperative
organization-domain northlight.example.org
organization-key ${"2".repeat(64)}
officer-title General Counsel
officer-commitment ${"3".repeat(64)}
mandate 7c1e2b90-3a41-4a80-8a55-6b0d2f1c9e10 2031-01-01T00:00:00.000Z -
scope reserved aaaaaaaaaaaa ${"4".repeat(64)}
scope reserved bbbbbbbbbbbb ${"5".repeat(64)}
declaration-sha256 -
appearance-sha256 ${"6".repeat(64)}
publish-not-before 2031-05-04T09:30:00.000Z
expires 2031-06-01T00:00:00.000Z
log concordat.example/log 17 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
nonce ${"7".repeat(32)}
`);
});

test("what was written is read back, whatever it says", () => {
  fc.assert(
    fc.property(statements, (any) => {
      expect(parseStatement(formatStatement(any))).toEqual(any);
    }),
  );
});

describe("no field takes a control character or any other hidden one", () => {
  const textFields = [
    "charterTitle",
    "organizationName",
    "officerTitle",
    "organizationDomain",
    "origin",
    "nonce",
  ] as const;
  const hidden = ["\n", "\r", "\0", "\t", "\u001b", "\u0085", "\u2028", "\u202e", "\u200b", "e\u0301"];
  test.each(textFields)("%s", (field) => {
    for (const character of hidden) {
      const changed = { ...statement, [field]: `${statement[field]}${character}x` };
      expect(() => formatStatement(changed)).toThrow(expect.objectContaining({ code: "malformed" }));
    }
  });
});

describe("reading refuses", () => {
  const text = formatStatement(statement);
  test.each([
    ["nothing", ""],
    ["no final line feed", text.slice(0, -1)],
    ["one line more", `${text}more 1\n`],
    ["a line given twice", text.replace("version 3\n", "version 3\nversion 3\n")],
    ["a missing line", text.replace("action sign\n", "")],
    ["lines in another order", text.replace("action sign\n", "").replace("version 3\n", "version 3\naction sign\n")],
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["a leading zero", text.replace("version 3", "version 03")],
    ["a negative size", text.replace("log 17", "log -17")],
    ["a size of 2^63", text.replace("log 17", "log 9223372036854775808")],
    ["an unknown action", text.replace("action sign", "action sell")],
    ["whole and reserved at once", text.replace("scope reserved a", "scope whole\nscope reserved a")],
    ["a clause reserved twice", text.replace("bbbbbbbbbbbb", "aaaaaaaaaaaa")],
    ["reserved clauses in another order", text.replace("aaaaaaaaaaaa", "cccccccccccc")],
    ["a date that does not exist", text.replace("2031-06-01", "2031-02-30")],
    ["another version of the format", text.replace("/statement/v1", "/statement/v2")],
    ["the key __proto__", text.replace("action sign", "__proto__ sign")],
    ["a hyphen for what must be there", text.replace(`appearance-sha256 ${"6".repeat(64)}`, "appearance-sha256 -")],
  ])("%s", (_, changed) => {
    expect(changed).not.toBe(text);
    expect(() => parseStatement(changed)).toThrow(expect.objectContaining({ name: "Refusal", code: "malformed" }));
  });

  test("every truncation", () => {
    for (let end = 0; end < text.length; end += 1) expect(() => parseStatement(text.slice(0, end))).toThrow();
  });
});

test("the hash of a statement is SHA-256 of its UTF-8", () => {
  expect(statementHash("é\n")).toBe(sha256Hex(Uint8Array.of(0xc3, 0xa9, 0x0a)));
});

describe("commitments", () => {
  const salt = new Uint8Array(32).fill(9);

  test("the same officer and salt give the same commitment, another salt another", () => {
    const commitment = officerCommitment(salt, { name: "Ada Lindqvist" });
    expect(commitment).toMatch(/^[0-9a-f]{64}$/);
    expect(officerCommitment(salt, { name: "Ada Lindqvist" })).toBe(commitment);
    expect(officerCommitment(new Uint8Array(32), { name: "Ada Lindqvist" })).not.toBe(commitment);
    expect(() => officerCommitment(new Uint8Array(16), { name: "Ada Lindqvist" })).toThrow(RangeError);
  });

  test("an appearance is hashed by its four fields alone", () => {
    const appearance = { country: "SE", class: "company", sector: null, statement: "We keep calm." };
    expect(appearanceHash({ ...appearance, more: 1 } as typeof appearance)).toBe(appearanceHash(appearance));
    expect(appearanceHash({ ...appearance, statement: null })).not.toBe(appearanceHash(appearance));
    expect(appearanceHash(appearance)).toBe(
      sha256Hex(encodeUtf8('{"class":"company","country":"SE","sector":null,"statement":"We keep calm."}')),
    );
  });

  test("no declaration has no hash", () => {
    expect(declarationHash(null)).toBeNull();
    expect(declarationHash("We read clause 2 narrowly.")).toBe(sha256Hex(encodeUtf8("We read clause 2 narrowly.")));
  });
});
