import { describe, expect, test } from "vitest";
import { type CharterPolicy, defaultPolicy, policySentences } from "#lib/domain/policy.ts";

const sentence = (policy: CharterPolicy, key: keyof CharterPolicy) =>
  policySentences(policy).find((one) => one.policy === key)?.sentence;

describe("a policy is read back as it will be applied", () => {
  const narrow: CharterPolicy = { ...defaultPolicy, participantClasses: ["state", "company"] };

  test("an organization of a class that may not sign is not told that any organization may", () => {
    expect(sentence(narrow, "joinPolicy")).toContain("of the classes it is addressed to");
    expect(sentence(narrow, "participantClasses")).toBe(
      "Only organizations of these classes may sign: state, company.",
    );
  });

  test("where every class may sign, nothing is said that sounds like a limit", () => {
    expect(sentence(defaultPolicy, "joinPolicy")).toBe(
      "Once the charter is public, any verified organization may sign it.",
    );
    expect(sentence(defaultPolicy, "participantClasses")).toBe("Organizations of every class may sign.");
  });

  test("a date is read back in words, on the day that was entered", () => {
    const dated: CharterPolicy = { ...defaultPolicy, entryRule: { kind: "at-date", date: "2027-01-01" } };
    expect(sentence(dated, "entryRule")).toContain("on 1 January 2027,");
  });

  test.each([
    [0, "at any time"],
    [1, "with one day of notice"],
    [30, "with 30 days of notice"],
  ])("a notice of %i days is written as one says it", (withdrawalNoticeDays, words) => {
    expect(sentence({ ...defaultPolicy, withdrawalNoticeDays }, "withdrawalNoticeDays")).toContain(words);
  });
});
