import { describe, expect, test } from "vitest";
import { encodeUtf8, sha256 } from "#lib/ledger/hash.ts";
import { formatTlogProof, parseTlogProof } from "#lib/ledger/tlog-proof.ts";

const hash = sha256(encodeUtf8("sibling"));
const proof = { index: 5, hashes: [hash, hash], checkpoint: "concordat.example/log\n6\nAAAA\n\n— log AAAA\n" };
const text = formatTlogProof(proof);

test("a proof is written as C2SP tlog-proof says, and read back", () => {
  const line = "HJNpm/zyE0/A34L54BHgfTvMLQdsCXu2RJfAdmYPQOs=";
  expect(text.split("\n").slice(0, 2)).toEqual(["c2sp.org/tlog-proof@v1", "index 5"]);
  expect(text.split("\n")[2]).toHaveLength(line.length);
  expect(parseTlogProof(text)).toEqual(proof);
  expect(parseTlogProof(formatTlogProof({ ...proof, hashes: [] }))).toEqual({ ...proof, hashes: [] });
});

describe("a proof is refused with", () => {
  test.each([
    ["nothing", ""],
    ["another header", text.replace("@v1", "@v2")],
    ["an extra line", text.replace("index", "extra AAAA\nindex")],
    ["index 007", text.replace("index 5", "index 007")],
    ["index -1", text.replace("index 5", "index -1")],
    ["index 2^63", text.replace("index 5", "index 9223372036854775808")],
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["a hash of 31 bytes", formatTlogProof({ ...proof, hashes: [hash.slice(1)] })],
    ["64 hashes", formatTlogProof({ ...proof, hashes: Array.from({ length: 64 }, () => hash) })],
    ["no checkpoint", text.slice(0, text.indexOf("\n\n"))],
  ])("%s", (_, changed) => {
    expect(() => parseTlogProof(changed)).toThrow(expect.objectContaining({ name: "Refusal", code: "malformed" }));
  });
});
