import { expect, test } from "vitest";
import { slugOf } from "#lib/domain/slug.ts";

test("a long title gives an address that ends with a whole word, since it is never changed", () => {
  expect(slugOf("Convention on the Protection of Civilians in Digital Conflict", "charter")).toBe(
    "convention-on-the-protection-of-civilians-in-digital",
  );
});

test("a title of exactly the longest length keeps its last word", () => {
  const title = `${"a".repeat(29)} ${"b".repeat(30)}`;
  expect(slugOf(title, "charter")).toBe(`${"a".repeat(29)}-${"b".repeat(30)}`);
  expect(slugOf(`${title} c`, "charter")).toBe(`${"a".repeat(29)}-${"b".repeat(30)}`);
});

test("one endless word is cut, and a title without letters falls back", () => {
  expect(slugOf("x".repeat(90), "charter")).toBe("x".repeat(60));
  expect(slugOf("– – –", "charter")).toBe("charter");
});
