import { expect, test } from "vitest";
import { formatCsv } from "#lib/domain/csv.ts";

test.each([
  ["a plain name", "Northlight", "Northlight"],
  ["a comma", "Meridian, Ltd", '"Meridian, Ltd"'],
  ["a quote", 'The "Open" Forum', '"The ""Open"" Forum"'],
  ["a line feed", "two\nlines", '"two\nlines"'],
  ["a formula", "=1+1", '"\'=1+1"'],
  ["a command", "=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""],
  ["a plus", "+49 30", '"\'+49 30"'],
  ["a minus", "-1", '"\'-1"'],
  ["an at sign", "@SUM(A1)", '"\'@SUM(A1)"'],
  ["a formula behind a space", " =1", '"\' =1"'],
  ["a full-width equals sign", "＝1", '"\'＝1"'],
])("a cell with %s stays one harmless cell", (_name, cell, expected) => {
  expect(formatCsv([["first", cell]])).toBe(`first,${expected}\r\n`);
});
