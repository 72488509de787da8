import { expect, test } from "vitest";
import { localPath } from "#lib/domain/local-path.ts";

test.each([["/"], ["/home"], ["/drafts/1/edit?x=1&y=%2F#c-abc"], ["/c/a-b/v/2"]])(
  "after signing in one goes on to %j",
  (path) => {
    expect(localPath(path, "/home")).toBe(path);
  },
);

test.each([
  ["//evil.example"],
  ["/\\evil.example"],
  ["\\\\evil.example"],
  ["https:evil.example"],
  ["https://evil.example"],
  ["javascript:alert(1)"],
  ["/%2f%2fevil.example"],
  ["/%2F/evil.example"],
  ["/%5cevil.example"],
  ["/\t/evil.example"],
  ["/\n/evil.example"],
  ["\t//evil.example"],
  ["/a/..//evil.example"],
  ["/%E0%A4%A"],
  ["home"],
  [""],
  [`/${"a".repeat(600)}`],
])("signing in never leads to %j", (path) => {
  expect(localPath(path, "/home")).toBe("/home");
});

test("no path is the usual one", () => {
  expect(localPath(undefined, "/home")).toBe("/home");
  expect(localPath(null, "/home")).toBe("/home");
});
