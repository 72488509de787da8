import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as ours from "#lib/ledger/crypto.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { decodeHex, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import * as nodes from "#lib/ledger/node-crypto.ts";
import { bundleForNode } from "#server/cli/build-verifier.mjs";
import { allEntries } from "#tests/unit/lib/ledger/log-samples.ts";
import { sampleReceipt } from "#tests/unit/lib/ledger/receipt-samples.ts";
import { describeWithVectors, vectorsFolder } from "#tests/unit/lib/ledger/shared-vectors.ts";

type Key = { pk?: string; uncompressed?: string };
type Group = { publicKey: Key; tests: { tcId: number; msg: string; sig: string; result: string }[] };

describeWithVectors("what Node hands in answers as what the browser hands in", () => {
  test.each(["ed25519_test.json", "ecdsa_secp256r1_sha256_test.json"])("to every case of %s", (file) => {
    const { testGroups } = JSON.parse(readFileSync(new URL(`wycheproof/${file}`, vectorsFolder), "utf8"));
    for (const { publicKey, tests } of testGroups as Group[]) {
      const key = decodeHex(publicKey.pk ?? publicKey.uncompressed ?? "");
      for (const { tcId, msg, sig, result } of tests) {
        const given = [decodeHex(sig), decodeHex(msg), key] as const;
        const verdicts = [ours, nodes].map((by) =>
          publicKey.pk ? by.verifyEd25519(...given) : by.verifyP256(...given),
        );
        expect([tcId, ...verdicts]).toEqual([tcId, result !== "invalid", result !== "invalid"]);
      }
    }
  });
});

describe("an Ed25519 signature that verifiers could quarrel over is refused by both", () => {
  const { Point } = ed25519;
  // A point of order 8: added to a key, it makes signatures that hold only where the cofactor is left in.
  const torsion = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  const order = Point.Fn.ORDER;
  const number = (bytes: Uint8Array) => bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
  const bytesOf = (value: bigint) =>
    Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));

  test("by a key with a part of small order", () => {
    const secret = 123456789n;
    const key = Point.BASE.multiply(secret).add(torsion).toBytes();
    const nonce = 987654321n;
    const commitment = Point.BASE.multiply(nonce).toBytes();
    let quarrels = 0;
    for (let count = 0; count < 16; count += 1) {
      const message = encodeUtf8(`message ${count}`);
      const challenge = number(sha512(Uint8Array.of(...commitment, ...key, ...message))) % order;
      const signature = Uint8Array.of(...commitment, ...bytesOf((nonce + challenge * secret) % order));
      const isLoose = ed25519.verify(signature, message, key, { zip215: false });
      expect(isLoose).toBe(true);
      const verdicts = [ours, nodes].map((by) => by.verifyEd25519(signature, message, key));
      expect(verdicts[0]).toBe(verdicts[1]);
      if (!verdicts[0]) quarrels += 1;
    }
    expect(quarrels).toBeGreaterThan(8);
  });

  test.each([
    ["of order 1", `01${"00".repeat(31)}`],
    ["of order 2", `ec${"ff".repeat(30)}7f`],
    ["of order 4", "00".repeat(32)],
    ["of order 4, the other", `${"00".repeat(31)}80`],
    ["of order 8", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"],
    ["of order 8, the other", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"],
    ["in a second spelling of 1", `ee${"ff".repeat(30)}7f`],
    ["in a second spelling of 0", `ed${"ff".repeat(30)}ff`],
  ])("by a key %s", (_, hex) => {
    // The identity as commitment and S = 0: holds for every message under a key of order 1, for some under the others.
    const signature = decodeHex(`01${"00".repeat(63)}`);
    for (let count = 0; count < 16; count += 1) {
      const given = [signature, Uint8Array.of(count), decodeHex(hex)] as const;
      expect([ours, nodes].map((by) => by.verifyEd25519(...given))).toEqual([false, false]);
    }
  });

  test("keys made, signatures made, hashes and codes are the same", () => {
    for (let count = 1; count < 9; count += 1) {
      const secret = new Uint8Array(32).fill(count);
      const message = new Uint8Array(count * 37).fill(count);
      expect(nodes.sha256(message)).toEqual(ours.sha256(message));
      expect(nodes.ed25519PublicKey(secret)).toEqual(ours.ed25519PublicKey(secret));
      expect(nodes.hmacSha256(secret, message)).toEqual(ours.hmacSha256(secret, message));
      expect(nodes.signEd25519(message, secret)).toEqual(ours.signEd25519(message, secret));
    }
    for (let length = 0; length < 200; length += 1) {
      const message = Uint8Array.from({ length }, (_, at) => at * 7 + length);
      expect([length, nodes.sha256(message)]).toEqual([length, ours.sha256(message)]);
    }
    expect([ours, nodes].map((by) => by.isP256Point(new Uint8Array(65).fill(4)))).toEqual([false, false]);
  });
});

describe("the verifier's own reader of shapes", () => {
  const folder = mkdtempSync(join(tmpdir(), "concordat-shapes-"));
  let built: typeof import("#lib/ledger/entry.ts");
  let program: typeof import("#server/cli/verifier.ts");
  const load = async (entry: string, name: string) => {
    writeFileSync(join(folder, name), await bundleForNode(entry));
    return import(pathToFileURL(join(folder, name)).href);
  };
  beforeAll(async () => {
    built = await load("../../lib/ledger/entry.ts", "entry.mjs");
    program = await load("verifier.ts", "verifier.mjs");
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const hostile = [null, "", "x", " ", "a".repeat(5000), 0, -1, 1.5, 2 ** 53, true, [], {}, [null], { a: 1 }, "\u202e"];

  test("takes and refuses every entry as the server does, whatever stands in any field", () => {
    let count = 0;
    for (const entry of allEntries) {
      const others = Object.keys(entry).flatMap((key): unknown[] => {
        const { [key]: _, ...without } = { ...entry } as Record<string, unknown>;
        return [without, ...hostile.map((value) => ({ ...entry, [key]: value }))];
      });
      for (const value of [entry, { ...entry, more: null }, ...others, ...hostile]) {
        const bytes = encodeJcs(value);
        expect([value, outcome(() => built.parseEntry(bytes))]).toEqual([value, outcome(() => parseEntry(bytes))]);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(1500);
  });

  test("has every method of zod that the verifier calls", async () => {
    const { z } = await import("#server/cli/shapes.ts");
    const text = await bundleForNode("concordat.ts");
    const called = new Set(
      [...text.matchAll(/\bz\.([a-zA-Z]+)(?:\.([a-z]+))?\(/g)].map(([, name, inner]) => [name, inner]),
    );
    expect(called.size).toBeGreaterThan(10);
    for (const [name = "", inner] of called) {
      const found: unknown = Reflect.get(z, name);
      const method: unknown = inner === undefined ? found : Reflect.get(Object(found), inner);
      expect([name, inner, typeof method]).toEqual([name, inner, "function"]);
    }
  });

  test("gives every bundle the verdict that is expected", () => {
    const bundles = fileURLToPath(new URL("../../../vectors/bundles/", import.meta.url));
    for (const name of readdirSync(bundles)) {
      const read = (path: string) => new Uint8Array(readFileSync(join(bundles, name, path)));
      const { exit } = JSON.parse(readFileSync(join(bundles, name, "expected.json"), "utf8"));
      expect([name, judge(["verify", "receipt.json", "policy.txt"], read)]).toEqual([name, exit]);
    }
  });

  test("every byte of a receipt counts: a bit flipped anywhere is found", () => {
    const { bytes } = sampleReceipt();
    const policy = readFileSync(new URL("../../../vectors/bundles/not-witnessed/policy.txt", import.meta.url));
    const exitOf = (receipt: Uint8Array) =>
      judge(["verify", "receipt.json", "policy.txt"], (path) => (path === "policy.txt" ? policy : receipt));
    expect(exitOf(bytes)).toBe(3);
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = bytes.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect([at, exitOf(flipped)]).toEqual([at, 2]);
    }
  });

  function judge(args: string[], read: (path: string) => Uint8Array): number {
    const print = () => undefined;
    return program.runVerifier(args, {
      read,
      print,
      write: print,
      writeSecret: print,
      random: (size) => new Uint8Array(size),
    });
  }
});

function outcome(parse: () => unknown): unknown {
  try {
    return parse();
  } catch {
    return "refused";
  }
}
