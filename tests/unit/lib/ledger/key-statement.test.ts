import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { encodeEntry, parseEntry } from "#lib/ledger/entry.ts";
import { KeyEvidence } from "#lib/ledger/evidence.ts";
import { encodeBase64, sha256Hex } from "#lib/ledger/hash.ts";
import {
  formatKeyStatement,
  isKeyStatement,
  type KeyStatement,
  parseKeyStatement,
  verifyKeyStatement,
} from "#lib/ledger/key-statement.ts";
import { encodeEd25519Spki, readEd25519Spki } from "#lib/ledger/public-key.ts";
import { signNote } from "#lib/ledger/signed-note.ts";
import { organizationId, origin } from "./log-samples.ts";
import { evidenceOf, ownSecret, passkeyEvidence } from "./receipt-samples.ts";

const ownSpki = encodeEd25519Spki(ed25519.getPublicKey(ownSecret));
const ownKey = sha256Hex(ownSpki);
const approval: KeyStatement = {
  origin,
  action: "approve",
  organizationId,
  organizationName: "Northlight Cooperative",
  key: "0".repeat(64),
  signedWith: ownKey,
  expires: "2031-05-04T09:30:00.000Z",
  nonce: "7".repeat(32),
};
const byOwnKey = (text: string) => KeyEvidence.parse(evidenceOf("A'", text));

describe("a statement about keys", () => {
  test("reads back as what was written, in lines that a person can read", () => {
    const text = formatKeyStatement(approval);
    expect(parseKeyStatement(text)).toEqual(approval);
    expect(isKeyStatement(text)).toBe(true);
    expect(text).toContain("action approve\n");
    expect(text).toContain("organization-name Northlight Cooperative\n");
  });

  test.each<[string, Partial<KeyStatement>]>([
    ["an approval of itself", { key: ownKey }],
    ["an enrolment of another key", { action: "enrol" }],
    ["an approval of nothing", { key: null }],
    ["a rule about a key", { action: "allow-all" }],
    ["a name with a line feed", { organizationName: "North\nlight" }],
  ])("%s is not written", (_, change) => {
    expect(() => formatKeyStatement({ ...approval, ...change })).toThrow(/cannot be written/);
  });

  test("no line may be missing, twice, exchanged or added", () => {
    const lines = formatKeyStatement(approval).split("\n");
    for (const at of lines.keys()) {
      for (const other of [
        lines.toSpliced(at, 1),
        lines.toSpliced(at, 0, lines[at] ?? ""),
        lines.toSpliced(at, 0, "more yes"),
        lines.with(at, `${lines[at]} `),
      ]) {
        expect(() => parseKeyStatement(other.join("\n"))).toThrow(/not a statement about keys/);
      }
    }
  });

  test("counts when the key that it names signed it, as a passkey or as an own key", () => {
    const text = formatKeyStatement(approval);
    expect(verifyKeyStatement(text, byOwnKey(text)).statement.action).toBe("approve");
    const passkey = KeyEvidence.parse(passkeyEvidence(text));
    expect(() => verifyKeyStatement(text, passkey)).toThrow(/not the key that the statement names/);
    const named = formatKeyStatement({ ...approval, signedWith: sha256Hex(Buffer.from(passkey.spki, "base64")) });
    expect(verifyKeyStatement(named, KeyEvidence.parse(passkeyEvidence(named))).key.algorithm).toBe(-7);
  });

  test("a signature over another statement, or for another organization, does not count", () => {
    const text = formatKeyStatement(approval);
    const other = formatKeyStatement({ ...approval, key: "1".repeat(64) });
    expect(() => verifyKeyStatement(text, byOwnKey(other))).toThrow(/another statement/);
    const elsewhere = { ...byOwnKey(text), note: signNote(text, "11111111-1111-4111-8111-111111111111", ownSecret) };
    expect(() => verifyKeyStatement(text, KeyEvidence.parse(elsewhere))).toThrow(/not signed by the key/);
  });

  test("fits into the log whole, with either evidence and a long name", () => {
    const text = formatKeyStatement({ ...approval, organizationName: "Ö".repeat(300) });
    for (const evidence of [byOwnKey(text), KeyEvidence.parse(passkeyEvidence(text))]) {
      const at = "2031-05-04T09:30:00.000Z";
      const bytes = encodeEntry({ type: "approval", v: 1, organizationId, statement: text, evidence, at });
      expect(parseEntry(bytes)).toMatchObject({ statement: text });
    }
  });
});

test("an own public key is taken in each form that tools give, and nothing else is", () => {
  const raw = ed25519.getPublicKey(ownSecret);
  const base64 = encodeBase64(ownSpki);
  const pem = `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
  for (const text of [pem, pem.replaceAll("\n", "\r\n"), base64, ` ${encodeBase64(raw)}\n`]) {
    expect(readEd25519Spki(text)).toEqual(ownSpki);
  }
  for (const text of ["", "key", base64.slice(4), encodeBase64(new Uint8Array(44)), pem.replace("PUBLIC", "PRIVATE")]) {
    expect(() => readEd25519Spki(text)).toThrow(/not an Ed25519 public key/);
  }
});
