import { expect, test } from "vitest";
import { withoutHiddenCharacters } from "#app/_editor/hidden-characters.client.tsx";
import { characterViolations } from "#lib/ledger/character-rules.ts";
import { charter, clause, editorOn } from "#tests/unit/lib/editor/build.ts";

test.each([
  ["a zero-width space", "We pro\u200btect", "We protect"],
  ["an override of direction around words", "pay \u202e100\u202c euros", "pay 100 euros"],
  ["two letters that are not composed", "cafe\u0301 and re\u0301sume\u0301", "caf\u00e9 and r\u00e9sum\u00e9"],
  ["a fifth mark in a row", "a\u0316\u0317\u0318\u0319\u031a.", "a\u0316\u0317\u0318\u0319."],
  ["a tag outside of the basic plane", "yes\u{e0041}!", "yes!"],
])("%s that would stop a freeze is taken out, and every other letter stays", (_what, written, left) => {
  const state = editorOn(charter("Charter", clause("a", "Promise", [written, "Nothing hides here."])));
  const step = withoutHiddenCharacters(state);
  const text = step?.doc.textContent ?? "";
  expect(text).toBe(`CharterPromise${left}Nothing hides here.`);
  expect(characterViolations(text, "with-lines")).toEqual([]);
});

test("a text that may be signed is not touched", () => {
  const plain = editorOn(
    charter(
      "Charter",
      clause("a", "Promise", ["Persian \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 needs its joiner."]),
    ),
  );
  expect(withoutHiddenCharacters(plain)).toBeNull();
});
