import { describe, expect, test } from "vitest";
import { characterViolations, formatViolation, textViolations } from "#lib/ledger/character-rules.ts";
import { charterOf, clauseOf } from "./samples.ts";

describe("one case for each class of refused character", () => {
  test.each([
    ["NUL", "a\0b", "control", "U+0000", 1],
    ["escape", "a\u001b]0;x", "control", "U+001B", 1],
    ["carriage return", "a\r\nb", "control", "U+000D", 1],
    ["tab", "a\tb", "control", "U+0009", 1],
    ["next line", "a\u0085b", "control", "U+0085", 1],
    ["line separator", "a\u2028b", "control", "U+2028", 1],
    ["right-to-left override", "ab\u202ec", "direction", "U+202E", 2],
    ["left-to-right embedding", "\u202ac", "direction", "U+202A", 0],
    ["isolate", "a\u2066b", "direction", "U+2066", 1],
    ["right-to-left mark", "a\u200fb", "direction", "U+200F", 1],
    ["zero width space", "a\u200bb", "invisible", "U+200B", 1],
    ["word joiner", "a\u2060b", "invisible", "U+2060", 1],
    ["byte order mark", "\ufeffa", "invisible", "U+FEFF", 0],
    ["soft hyphen", "a\u00adb", "invisible", "U+00AD", 1],
    ["Hangul filler", "a\u3164b", "invisible", "U+3164", 1],
    ["tag", "a\u{e0061}b", "invisible", "U+E0061", 1],
    ["variation selector after a letter", "a\ufe0f", "variation", "U+FE0F", 1],
    ["variation selector 17", "a\u{e0100}", "variation", "U+E0100", 1],
    ["text after an emoji counts UTF-16 units", "😀\u202e", "direction", "U+202E", 2],
    ["joiner between Latin letters", "pay\u200dfair", "joiner", "U+200D", 3],
    ["non-joiner at the end of a Persian word", "می\u200c", "joiner", "U+200C", 2],
    ["half of a pair", "a\ud83d", "surrogate", "U+D83D", 1],
    ["private use", "a\ue000", "private-use", "U+E000", 1],
    ["noncharacter", "a\ufdd0", "unassigned", "U+FDD0", 1],
    ["zalgo", `a${"\u0335".repeat(6)}`, "stacked", "U+0335", 5],
    ["decomposed letter", "cafe\u0301", "not-normalized", "U+0065", 3],
  ])("%s", (_, text, rule, codePoint, offset) => {
    expect(characterViolations(text, "with-lines")[0]).toEqual({ rule, codePoint, offset });
  });
});

describe("what people write is let through", () => {
  test.each([
    ["several lines", "one\ntwo"],
    ["emoji with its selector", "we ❤️ calm ☎︎"],
    ["Persian with the non-joiner", "می‌خواهم"],
    ["Malayalam with a joiner at the end of a word", "അവന്\u200d കണ്ടു"],
    ["Hindi", "क्\u200dष"],
    ["Vietnamese, Greek, Hebrew, Thai, Chinese, Korean", "Việt ελληνικά שלום ไทย 漢字 한국어"],
    ["typographic marks", "“quoted” — and … so\u00a0on"],
  ])("%s", (_, text) => {
    expect(characterViolations(text, "with-lines")).toEqual([]);
  });
});

test("a title, a heading or a name has one line", () => {
  expect(characterViolations("a\nb", "one-line")).toEqual([{ rule: "control", codePoint: "U+000A", offset: 1 }]);
});

test("all violations of a charter are listed with their places, in reading order", () => {
  const text = {
    ...charterOf(
      clauseOf("Fine", "fine"),
      clauseOf("He\u200bading", "fine"),
      clauseOf("Body", "a\u202eb\ufeff", { level: 2 }),
    ),
    title: "T\u202e",
  };
  expect(textViolations(text).map(formatViolation)).toEqual([
    "U+202E changes the direction in which text is shown (title, offset 1).",
    "U+200B cannot be seen (clause 2, heading, offset 2).",
    "U+202E changes the direction in which text is shown (clause 2.1, body, paragraph 1, offset 1).",
    "U+FEFF cannot be seen (clause 2.1, body, paragraph 1, offset 3).",
  ]);
});

test("a text of nothing but refused characters does not give an endless list", () => {
  expect(textViolations(charterOf(clauseOf("One", "\u200b".repeat(5000))))).toHaveLength(100);
});
