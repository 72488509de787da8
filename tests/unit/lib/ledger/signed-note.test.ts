import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import {
  cosignCheckpoint,
  findCosignature,
  formatCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  verifyCheckpoint,
} from "#lib/ledger/checkpoint.ts";
import { encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import {
  addSignature,
  formatVkey,
  noteKey,
  parseNote,
  parseVkey,
  signNote,
  verifyNote,
} from "#lib/ledger/signed-note.ts";

const secretKey = new Uint8Array(32).fill(1);
const origin = "concordat.example/log";
const key = noteKey(origin, ed25519.getPublicKey(secretKey));

// The published example of the note format: text, key and signature by another implementation.
const published = {
  vkey: "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
  text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
  line: "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n",
};

test("the published example of a signed note is verified", () => {
  const note = `${published.text}\n${published.line}`;
  expect(verifyNote(note, parseVkey(published.vkey))).toBe(published.text);
  expect(formatVkey(parseVkey(published.vkey))).toBe(published.vkey);
});

describe("a note", () => {
  const note = signNote("calm\n", origin, secretKey);

  test("signed by us is verified by our key, and by no other", () => {
    expect(verifyNote(note, key)).toBe("calm\n");
    const other = noteKey(origin, ed25519.getPublicKey(new Uint8Array(32).fill(2)));
    expect(() => verifyNote(note, other)).toThrow(expect.objectContaining({ code: "evidence-invalid" }));
    expect(() => verifyNote(note, { ...other, id: key.id })).toThrow("The signature of");
    expect(() => verifyNote(note, { ...key, name: "other.example/log" })).toThrow("is not signed by");
  });

  test("with any byte flipped is not verified", () => {
    const bytes = encodeUtf8(note);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.map((byte, place) => (place === at ? byte ^ 1 : byte));
      expect(() => verifyNote(new TextDecoder().decode(changed), key)).toThrow();
    }
  });

  test("may carry 16 signatures of strangers and not 17", () => {
    const more = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        name: `w${at}.example`,
        id: "00000000",
        signature: secretKey,
      })).reduce(addSignature, note);
    expect(verifyNote(more(15), key)).toBe("calm\n");
    expect(() => verifyNote(more(16), key)).toThrow("at most 16");
  });

  test.each([
    ["nothing", ""],
    ["no signature", "calm\n\n"],
    ["no empty line", note.replace("\n\n", "\n")],
    ["CRLF", note.replaceAll("\n", "\r\n")],
    ["the same signature twice", note + note.split("\n\n")[1]],
    ["a line after the signatures", `${note}more\n`],
    ["no final line feed", note.slice(0, -1)],
    ["a hyphen for the dash", note.replace("—", "-")],
    ["two spaces", note.replace("— ", "—  ")],
    ["base64 without padding", note.replaceAll("=", "")],
    ["NUL", note.replace("calm", "ca\0m")],
    ["DEL is no control character below U+0020, but text must match", note.replace("calm", "ca\u007fm")],
  ])("is refused with %s", (_, changed) => {
    expect(() => verifyNote(changed, key)).toThrow(expect.objectContaining({ name: "Refusal" }));
  });

  test("whose text has empty lines is split at the last one", () => {
    expect(parseNote(signNote("a\n\nb\n", origin, secretKey)).text).toBe("a\n\nb\n");
  });
});

describe("a key", () => {
  test.each([
    ["another id", published.vkey.replace("c74f20a3", "c74f20a4")],
    ["a type we do not know", published.vkey.replace("+AR", "+Ax")],
    ["a blank name", published.vkey.replace("PeterNeumann", "")],
    ["upper-case id", published.vkey.replace("c74f20a3", "C74F20A3")],
    ["too few bytes", published.vkey.slice(0, -4)],
    ["nothing", ""],
  ])("with %s is refused", (_, text) => {
    expect(() => parseVkey(text)).toThrow(expect.objectContaining({ code: "malformed" }));
  });
});

describe("a checkpoint", () => {
  const checkpoint = { origin, size: 17, root: sha256(encodeUtf8("root")) };
  const note = signCheckpoint(checkpoint, secretKey);

  test("is read back as it was signed", () => {
    expect(verifyCheckpoint(note, key)).toEqual(checkpoint);
    expect(parseCheckpoint(note)).toEqual(checkpoint);
    expect(formatCheckpoint(checkpoint).split("\n")).toHaveLength(4);
  });

  test.each([
    ["size 017", "017"],
    ["size -1", "-1"],
    ["size 2^63", "9223372036854775808"],
    ["size 1e3", "1e3"],
    ["no size", ""],
    ["size +7", "+7"],
  ])("with %s is refused even when the log signed it", (_, size) => {
    const text = formatCheckpoint(checkpoint).replace("\n17\n", `\n${size}\n`);
    expect(() => verifyCheckpoint(signNote(text, origin, secretKey), key)).toThrow("not a checkpoint");
  });

  test("with an extension line, or of another log, is refused", () => {
    const extended = signNote(`${formatCheckpoint(checkpoint)}more\n`, origin, secretKey);
    expect(() => verifyCheckpoint(extended, key)).toThrow("not a checkpoint");
    const foreign = signNote(formatCheckpoint({ ...checkpoint, origin: "other.example/log" }), origin, secretKey);
    expect(() => verifyCheckpoint(foreign, key)).toThrow("not of the log");
  });

  test("can be cosigned by a witness, whose time is part of what it signed", () => {
    const witnessKey = new Uint8Array(32).fill(3);
    const witness = noteKey("witness.example", ed25519.getPublicKey(witnessKey), 4);
    const cosigned = cosignCheckpoint(note, witness.name, 1_900_000_000, witnessKey);
    expect(findCosignature(cosigned, witness)).toBe(1_900_000_000);
    expect(findCosignature(note, witness)).toBeUndefined();
    expect(verifyCheckpoint(cosigned, key)).toEqual(checkpoint);
    const wrong = cosignCheckpoint(note, witness.name, 5, witnessKey).replace("\n17\n", "\n18\n");
    expect(() => findCosignature(wrong, witness)).toThrow(expect.objectContaining({ code: "evidence-invalid" }));
    expect(findCosignature(cosigned, { ...witness, type: 1 })).toBeUndefined();
  });
});
