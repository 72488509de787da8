import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { verifyEd25519 } from "#ledger-crypto";
import { type Evidence, verifyEvidence, verifyPasskey } from "#lib/ledger/evidence.ts";
import { decodeHex, encodeHex } from "#lib/ledger/hash.ts";
import { parseSpki, verifySignature } from "#lib/ledger/public-key.ts";
import { evidenceOf, ownSecret, passkeyEvidence, sampleReceipt } from "./receipt-samples.ts";
import { describeWithVectors, vectorsFolder } from "./shared-vectors.ts";

type Vector = { tcId: number; comment: string; msg: string; sig: string; result: "valid" | "invalid" };
type Group = { publicKeyDer: string; tests: Vector[] };
const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));

describeWithVectors("Wycheproof vectors", () => {
  test.each([
    ["ecdsa_secp256r1_sha256_test.json", 484],
    ["ed25519_test.json", 151],
  ])("%s: all %i are judged as they should be", (file, count) => {
    const { testGroups } = JSON.parse(readFileSync(new URL(`wycheproof/${file}`, vectorsFolder), "utf8"));
    const verdicts = (testGroups as Group[]).flatMap(({ publicKeyDer, tests }) =>
      tests.map(({ tcId, msg, sig, result }) => {
        const isValid = verifySignature(parseSpki(bytes(publicKeyDer)), bytes(msg), bytes(sig));
        return { tcId, isRight: isValid === (result === "valid") };
      }),
    );
    expect(verdicts).toHaveLength(count);
    expect(verdicts.filter(({ isRight }) => !isRight)).toEqual([]);
  });
});

describeWithVectors("an assertion made by a browser", () => {
  const sample = JSON.parse(readFileSync(new URL("webauthn-sample.json", vectorsFolder), "utf8"));
  const evidence = {
    class: "A" as const,
    spki: sample.spki,
    credentialId: "AA",
    rpId: sample.rpId,
    origin: sample.origin,
    clientDataJson: sample.cd,
    authenticatorData: sample.ad,
    signature: sample.sig,
  };

  test("is verified over its statement", () => {
    expect(verifyPasskey(sample.statement, evidence).algorithm).toBe(-7);
  });

  test("is refused over any other", () => {
    expect(() => verifyPasskey(`${sample.statement} `, evidence)).toThrow("The passkey signed another statement.");
  });

  test("is refused when any byte of its three parts is flipped", () => {
    for (const part of ["clientDataJson", "authenticatorData", "signature"] as const) {
      const original = Buffer.from(evidence[part], "base64");
      for (let at = 0; at < original.length; at += 1) {
        const flipped = Buffer.from(original);
        flipped[at] = (flipped[at] ?? 0) ^ 1;
        expect(() => verifyPasskey(sample.statement, { ...evidence, [part]: flipped.toString("base64") })).toThrow(
          expect.objectContaining({ code: "evidence-invalid" }),
        );
      }
    }
  });
});

describe("each class of evidence", () => {
  test.each(["A", "A'", "B", "C"] as const)("%s is verified for its own statement and no other", (kind) => {
    const { statement } = sampleReceipt({ kind });
    const evidence = evidenceOf(kind, statement);
    expect(verifyEvidence(statement, evidence) !== null).toBe(kind === "A" || kind === "A'");
    if (kind === "C") return;
    const other = sampleReceipt({ kind, statement: { nonce: "8".repeat(32) } }).statement;
    expect(() => verifyEvidence(other, evidence)).toThrow(expect.objectContaining({ code: "evidence-invalid" }));
  });

  test("B and C are refused for a statement that names a key", () => {
    const { statement } = sampleReceipt();
    for (const kind of ["B", "C"] as const) {
      expect(() => verifyEvidence(statement, evidenceOf(kind, statement))).toThrow("names a key, but no key signed it");
    }
  });
});

describe("a passkey's evidence is refused", () => {
  const { statement } = sampleReceipt();
  const made = (changes: Parameters<typeof passkeyEvidence>[1]) => passkeyEvidence(statement, changes);
  const good = passkeyEvidence(statement) as Extract<Evidence, { class: "A" }>;
  test.each<[string, Evidence, string]>([
    ["without user verification", made({ flags: 0x01 }), "did not verify its user"],
    ["without presence", made({ flags: 0x04 }), "Nobody was present"],
    ["when it was a registration", made({ clientData: { type: "webauthn.create" } }), "other than a signature"],
    ["inside another site", made({ clientData: { crossOrigin: true } }), "inside another site"],
    ["with a top origin", made({ clientData: { topOrigin: "https://evil.example" } }), "inside another site"],
    ["made on another site", made({ clientData: { origin: "https://concordat.example" } }), "on another site"],
    ["for another relying party", made({ rpId: "concordat.example" }), "another relying party"],
    ["by another key", made({ secret: ownSecret }), "signature is wrong"],
    ["with a login's challenge", made({ clientData: { challenge: "AAAA" } }), "another statement"],
    ["with a site outside its relying party", { ...good, rpId: "example" }, "another relying party"],
    [
      "over plain http",
      {
        ...made({ clientData: { origin: "http://sign.concordat.example" } }),
        origin: "http://sign.concordat.example",
      } as Evidence,
      "does not belong",
    ],
    [
      "on a look-alike host",
      {
        ...made({ clientData: { origin: "https://evilsign.concordat.example" } }),
        origin: "https://evilsign.concordat.example",
      } as Evidence,
      "does not belong",
    ],
    ["with client data that is no JSON", { ...good, clientDataJson: "AAAA" }, "cannot be read"],
    ["with too short authenticator data", { ...good, authenticatorData: "AAAA" }, "too short"],
    ["with a key that is none", { ...good, spki: "AAAA" }, "neither a P-256 nor an Ed25519"],
  ])("%s", (_, evidence, sentence) => {
    expect(() => verifyEvidence(statement, evidence)).toThrow(sentence);
  });
});

test("a P-256 point off the curve is no key", () => {
  const spki = decodeHex(`3059301306072a8648ce3d020106082a8648ce3d03010703420004${"11".repeat(64)}`);
  expect(() => parseSpki(spki)).toThrow(expect.objectContaining({ code: "evidence-invalid" }));
});

test("an Ed25519 key of small order signs nothing", () => {
  const identity = decodeHex(`01${"00".repeat(31)}`);
  const signature = decodeHex(`01${"00".repeat(63)}`);
  expect(encodeHex(identity)).toHaveLength(64);
  expect(verifyEd25519(signature, new Uint8Array(), identity)).toBe(false);
});
