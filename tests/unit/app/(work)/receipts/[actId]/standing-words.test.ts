import { describe, expect, test } from "vitest";
import { doneWords, type Standing, sinceWords } from "#app/(work)/receipts/[actId]/standing-words.ts";

const since = new Date("2027-03-12T09:00:00Z");
const effective = {
  status: "effective",
  mark: null,
  noticeAt: null,
  withdrawsAt: null,
  successorId: null,
} as const satisfies Standing["listed"];
const marked = (kind: "void" | "disputed" | "lapsed", by: "organization" | "depositary" = "depositary") =>
  ({ ...effective, status: kind, mark: { kind, since, by, reason: "The officer had left before." } }) as const;
const noticed = (status: "withdrawing" | "withdrawn") =>
  ({ ...effective, status, noticeAt: since, withdrawsAt: new Date("2027-04-12T09:00:00Z") }) as const;

describe("a receipt opened right after its act", () => {
  test.each<[string, Standing, string | undefined]>([
    ["in effect is done", { kind: "sign", status: "EFFECTIVE", listed: effective }, "Done"],
    ["under seal is sealed", { kind: "sign", status: "SEALED", listed: null }, "Sealed"],
    ["to be examined is taken in", { kind: "sign", status: "LODGED", listed: null }, "Taken in"],
    ["void is not done", { kind: "sign", status: "VOID", listed: marked("void") }, undefined],
    ["disputed is not done", { kind: "sign", status: "DISPUTED", listed: marked("disputed") }, undefined],
    ["pulled out is not done", { kind: "sign", status: "RETRACTED", listed: null }, undefined],
    ["returned is not done", { kind: "sign", status: "RETURNED", listed: null }, undefined],
    ["withdrawn since is not done", { kind: "sign", status: "WITHDRAWN", listed: noticed("withdrawn") }, undefined],
    [
      "withdrawn by this act is done",
      { kind: "withdraw", status: "WITHDRAWING", listed: noticed("withdrawing") },
      "Done",
    ],
    ["a notice taken back is not done", { kind: "withdraw", status: "EFFECTIVE", listed: effective }, undefined],
    ["pulled out by this act is done", { kind: "retract", status: null, listed: null }, "Done"],
  ])("for a signature %s", (_, standing, title) => {
    expect(doneWords(standing)?.title).toBe(title);
  });
});

describe("a receipt says what became of the signature since", () => {
  test.each<[string, Standing, RegExp]>([
    [
      "entered in error, by whom, when and why",
      { kind: "sign", status: "VOID", listed: marked("void") },
      /^Entered in error: Found by the depositary on 12 Mar(ch)? 2027\. .*void.*had left before/,
    ],
    [
      "disputed, also on the receipt of a later act",
      { kind: "endorse-correction", status: "DISPUTED", listed: marked("disputed", "organization") },
      /^Disputed.*: Said by the organization itself on .*does not count/,
    ],
    ["ended", { kind: "sign", status: "LAPSED", listed: marked("lapsed") }, /^Ended: /],
    [
      "under notice, with its dates",
      { kind: "sign", status: "WITHDRAWING", listed: noticed("withdrawing") },
      /^Notice.*12 Mar.*counts until 12 Apr/,
    ],
    ["withdrawn", { kind: "sign", status: "WITHDRAWN", listed: noticed("withdrawn") }, /^Withdrawn: .*ended on 12 Apr/],
    [
      "carried on by a successor",
      { kind: "sign", status: "SUCCEEDED_BY", listed: { ...effective, successorId: "x" } },
      /^Carried on: /,
    ],
  ])("%s", (_, standing, words) => {
    const said = sinceWords(standing);
    expect(`${said?.title}: ${said?.words}`).toMatch(words);
  });

  test.each<[string, Standing]>([
    ["in effect", { kind: "sign", status: "EFFECTIVE", listed: effective }],
    ["not public", { kind: "sign", status: "SEALED", listed: null }],
    [
      "withdrawn by the act itself, whose title says it",
      { kind: "withdraw", status: "WITHDRAWN", listed: noticed("withdrawn") },
    ],
  ])("and nothing of one %s", (_, standing) => {
    expect(sinceWords(standing)).toBeNull();
  });
});
