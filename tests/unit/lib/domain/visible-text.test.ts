import { expect, test } from "vitest";
import { visibleText } from "#lib/domain/visible-text.ts";

test.each([
  ["an override of direction", "Pay \u202eon time\u202c", "Pay on time"],
  ["isolates and marks", "\u2066a\u2069 \u200fb\u200e \u061cc", "a b c"],
  ["characters that cannot be seen", "on\u200b ti\u2060me\ufeff", "on time"],
  ["what steers a terminal", "\u001b]0;x\u0007 on\u0000 time\r\n", "]0;x on time\n"],
  ["tags and halves of characters", "a\u{e0041}b\ud800c", "abc"],
])("words beside a charter lose %s and nothing else", (_name, text, seen) => {
  expect(visibleText(text)).toBe(seen);
});

test("letters of every script, lines, tabs and joined emoji stay", () => {
  for (const text of ["Größe, 大きさ, حجم, गुण\n\tB", "👩‍👩‍👧"]) expect(visibleText(text)).toBe(text);
});
