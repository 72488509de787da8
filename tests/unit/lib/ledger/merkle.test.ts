import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeBase64, encodeHex, encodeUtf8 } from "#lib/ledger/hash.ts";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "#lib/ledger/merkle.ts";
import { describeWithVectors, vectorsFolder } from "./shared-vectors.ts";

type InclusionCase = { leafIdx: number; treeSize: number; root: string; leafHash: string; proof: string[] | null };
type ConsistencyCase = { size1: number; size2: number; root1: string; root2: string; proof: string[] | null };
type Case<Kind> = Kind & { desc: string; wantErr: boolean };

describeWithVectors("RFC 6962 vectors", () => {
  const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));
  const read = <Kind>(folder: string): Case<Kind>[] => {
    const base = new URL(`rfc6962/testdata/${folder}/`, vectorsFolder);
    return readdirSync(base, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".json"))
      .map((name) => JSON.parse(readFileSync(new URL(encodeURI(name), base), "utf8")));
  };
  const inclusion = read<InclusionCase>("inclusion");
  const consistency = read<ConsistencyCase>("consistency");

  test("all 196 are there", () => {
    expect([inclusion.length, consistency.length]).toEqual([98, 98]);
  });

  test.each(inclusion)("inclusion of $leafIdx in $treeSize: $desc", (vector) => {
    const proof = (vector.proof ?? []).map(bytes);
    const verdict = verifyInclusion(bytes(vector.leafHash), vector.leafIdx, vector.treeSize, bytes(vector.root), proof);
    expect(verdict).toBe(!vector.wantErr);
  });

  test.each(consistency)("consistency of $size1 with $size2: $desc", (vector) => {
    const proof = (vector.proof ?? []).map(bytes);
    const verdict = verifyConsistency(vector.size1, vector.size2, bytes(vector.root1), bytes(vector.root2), proof);
    expect(verdict).toBe(!vector.wantErr);
  });
});

const leavesOf = (count: number) => Array.from({ length: count }, (_, at) => leafHash(encodeUtf8(`entry ${at}`)));

describe("a tree of every size up to 40", () => {
  test("proves each of its leaves, and at no other place", () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = leavesOf(size);
      const root = rootOf(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const proof = inclusionProof(index, leaves);
        expect(verifyInclusion(leaf, index, size, root, proof)).toBe(true);
        expect(verifyInclusion(leaf, (index + 1) % (size + 1), size, root, proof)).toBe(false);
      }
    }
  });

  test("proves each of its prefixes, and no other tree", () => {
    const later = leavesOf(40);
    for (let to = 1; to <= 40; to += 1) {
      const leaves = later.slice(0, to);
      for (let from = 1; from <= to; from += 1) {
        const proof = consistencyProof(from, leaves);
        const earlierRoot = rootOf(later.slice(0, from));
        expect(verifyConsistency(from, to, earlierRoot, rootOf(leaves), proof)).toBe(true);
        expect(verifyConsistency(from, to, leafHash(earlierRoot), rootOf(leaves), proof)).toBe(false);
      }
    }
  });
});

test("the root of nothing is SHA-256 of nothing, and of three leaves the tree leans left", () => {
  const [a, b, c] = [leafHash(encodeUtf8("a")), leafHash(encodeUtf8("b")), leafHash(encodeUtf8("c"))];
  expect(encodeHex(rootOf([]))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(rootOf([a, b, c])).toEqual(nodeHash(nodeHash(a, b), c));
});

test("positions beyond 32 bits are counted exactly", () => {
  const leaf = leafHash(encodeUtf8("far out"));
  const size = 2 ** 40 + 1;
  const left = decodeBase64("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  expect(verifyInclusion(leaf, size - 1, size, nodeHash(left, leaf), [left])).toBe(true);
  expect(verifyInclusion(leaf, 2 ** 53, 2 ** 53 + 2, nodeHash(left, leaf), [left])).toBe(false);
});

test("a caller that asks for a proof of nothing is told of its bug", () => {
  expect(() => inclusionProof(3, leavesOf(3))).toThrow(RangeError);
  expect(() => consistencyProof(0, leavesOf(3))).toThrow(RangeError);
  expect(() => consistencyProof(4, leavesOf(3))).toThrow(RangeError);
});
