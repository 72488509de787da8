import { describe, expect, test } from "vitest";
import { liveMandate, mandateState } from "#lib/domain/mandate.ts";
import { isVerified, type VerificationFacts, verificationOf } from "#lib/domain/verification.ts";

const now = new Date("2031-05-10T12:00:00Z");
const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(now.getTime() - days * day);
const nothing: VerificationFacts = { suspendedAt: null, domains: [], reviews: [] };
const domain = (lastGood: number, more = {}) => ({
  domain: "example.org",
  confirmedAt: ago(100),
  lastGoodAt: ago(lastGood),
  releasedAt: null,
  ...more,
});

describe("an organization is verified", () => {
  test("by its domain for seven days after the last good answer, and not a moment longer", () => {
    expect(isVerified({ ...nothing, domains: [domain(7)] }, now)).toBe(true);
    expect(verificationOf({ ...nothing, domains: [domain(7 + 1 / day)] }, now)).toMatchObject({ state: "lapsed" });
  });

  test("by the operator's review, also when a domain has lapsed", () => {
    const reviews = [{ outcome: "verified", reviewedAt: ago(400) }];
    expect(verificationOf({ ...nothing, domains: [domain(30)], reviews }, now)).toMatchObject({ by: "evidence" });
  });

  test("not by a domain that was never confirmed, or was taken off the list", () => {
    expect(isVerified({ ...nothing, domains: [domain(0, { confirmedAt: null })] }, now)).toBe(false);
    expect(isVerified({ ...nothing, domains: [domain(0, { releasedAt: ago(1) })] }, now)).toBe(false);
  });

  test("not by evidence that waits, was refused, or was refused later", () => {
    expect(isVerified({ ...nothing, reviews: [{ outcome: null, reviewedAt: null }] }, now)).toBe(false);
    const reviews = [
      { outcome: "verified", reviewedAt: ago(9) },
      { outcome: "refused", reviewedAt: ago(1) },
    ];
    expect(isVerified({ ...nothing, reviews }, now)).toBe(false);
  });

  test("by nothing while it is suspended", () => {
    const facts = { suspendedAt: ago(1), domains: [domain(0)], reviews: [{ outcome: "verified", reviewedAt: ago(2) }] };
    expect(verificationOf(facts, now)).toEqual({ state: "suspended" });
  });
});

describe("a mandate", () => {
  const term = { from: ago(10), to: null, endedAt: null, grantedAt: ago(10) };

  test.each([
    [{}, "live"],
    [{ from: new Date(now.getTime() + 1) }, "not-begun"],
    [{ to: now }, "run-out"],
    [{ to: new Date(now.getTime() + 1) }, "live"],
    [{ endedAt: now }, "ended"],
    [{ endedAt: ago(1), to: ago(2) }, "ended"],
  ])("with %j is %s", (more, state) => {
    expect(mandateState({ ...term, ...more }, now)).toBe(state);
  });

  test("that counts is the one granted last", () => {
    const later = { ...term, grantedAt: ago(1) };
    const ended = { ...term, grantedAt: ago(0.5), endedAt: ago(0.1) };
    expect(liveMandate([term, ended, later], now)).toBe(later);
    expect(liveMandate([ended], now)).toBeUndefined();
  });
});
