import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { encodeHex, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs, formatJcs, parseJcs } from "#lib/ledger/jcs.ts";
import { describeWithVectors, vectorsFolder } from "./shared-vectors.ts";

describeWithVectors("RFC 8785 vectors", () => {
  const folder = new URL("jcs/testdata/", vectorsFolder);
  const names = readdirSync(new URL("input/", folder)).map((name) => name.replace(".json", ""));

  test("all six are there", () => {
    expect(names).toHaveLength(6);
  });

  test.each(names)("%s is written to the byte", (name) => {
    const input: unknown = JSON.parse(readFileSync(new URL(`input/${name}.json`, folder), "utf8"));
    const expected = readFileSync(new URL(`outhex/${name}.txt`, folder), "utf8").replaceAll(/\s/g, "");
    expect(encodeHex(encodeJcs(input))).toBe(expected);
  });
});

describe("what has no canonical form is refused", () => {
  test.each([
    ["half a surrogate pair", "\ud800"],
    ["half a surrogate pair in a key", { "\udc00": 1 }],
    ["infinity", Number.POSITIVE_INFINITY],
    ["not a number", Number.NaN],
    ["the key __proto__", JSON.parse('{"__proto__":{"isAdmin":true}}')],
    ["undefined", { a: undefined }],
    ["a function", () => 1],
    ["a big integer", 1n],
    ["nesting of 100", JSON.parse("[".repeat(100) + "]".repeat(100))],
  ])("%s", (_, value) => {
    expect(() => formatJcs(value)).toThrow(SyntaxError);
  });
});

describe("only canonical bytes are read", () => {
  test.each([
    ["white space", '{"a": 1}'],
    ["duplicate keys", '{"a":1,"a":1}'],
    ["keys out of order", '{"b":1,"a":1}'],
    ["another spelling of a number", "1.0"],
    ["a number beyond all bounds", "1e400"],
    ["an escape that is not needed", '"\\u0041"'],
    ["an escaped half of a pair", '"\\ud800"'],
    ["a byte order mark", "\ufeff{}"],
    ["a final line feed", "{}\n"],
    ["nesting of 100,000", "[".repeat(100_000)],
    ["closed nesting of 100,000", "[".repeat(100_000) + "]".repeat(100_000)],
    ["nothing", ""],
  ])("%s is refused", (_, text) => {
    expect(() => parseJcs(encodeUtf8(text))).toThrow(SyntaxError);
  });

  test("bytes that are not UTF-8 are refused", () => {
    expect(() => parseJcs(Uint8Array.of(0x22, 0xff, 0x22))).toThrow(SyntaxError);
  });

  test("canonical bytes are read", () => {
    expect(parseJcs(encodeUtf8('{"a":[1,null,true],"b":"ö"}'))).toEqual({ a: [1, null, true], b: "ö" });
  });
});
