import { describe, expect, test } from "vitest";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { Refusal } from "#lib/domain/refusal.ts";

describe("a plain address is read, and found again however it is typed", () => {
  test.each([
    ["ada@example.org", "ada@example.org"],
    [" Ada.Brandt+signing@Example.ORG ", "ada.brandt+signing@example.org"],
    ["o'neill_x@sub.example.co.uk", "o'neill_x@sub.example.co.uk"],
    ["ada@bücher.example", "ada@xn--bcher-kva.example"],
    ["ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"],
  ])("%j is %j", (given, read) => {
    expect(parseMailAddress(given)).toBe(read);
  });
});

describe("what parsers disagree about is refused, so that no mail reaches somebody else", () => {
  test.each([
    ['"e@attacker.com"@victim.com'],
    ["a＠evil.com@victim.com"],
    ["a＠evil.com"],
    ["a@b.com,c@d.com"],
    ["a@b.com;c@d.com"],
    ["a@b\r\nBcc: x@example.org"],
    ["a@example.org\nBcc: x@example.org"],
    ["a@[127.0.0.1]"],
    ["a@127.0.0.1"],
    ["a@0x7f.1"],
    ["a@localhost"],
    ["a@example..org"],
    ["a@-example.org"],
    ["a@exam%70le.org"],
    ["a@example.org/path"],
    ["a@example.org:25"],
    ["a b@example.org"],
    [".a@example.org"],
    ["a..b@example.org"],
    ["a@b@example.org"],
    ["(comment)a@example.org"],
    ["a@example.org (comment)"],
    ["Ada <ada@example.org>"],
    ["adа@example.org"],
    ["ﬁ@example.org"],
    ["a\u0000@example.org"],
    [`${"a".repeat(65)}@example.org`],
    [`a@${"b".repeat(320)}.org`],
    ["@example.org"],
    ["ada@"],
    [""],
  ])("%j", (given) => {
    expect(() => parseMailAddress(given)).toThrow(Refusal);
  });
});
