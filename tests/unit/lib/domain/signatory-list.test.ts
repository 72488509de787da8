import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActPayload } from "#lib/domain/acts.ts";
import { countSignatories, endOfDay, type PublicAct, signatoriesAsOf } from "#lib/domain/signatory-list.ts";

const hash = "a".repeat(64);
const dayMs = 86_400_000;
const start = Date.UTC(2031, 0, 1);
const day = (count: number) => new Date(start + count * dayMs);
const uuid = (count: number) => `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;

function signed(organization: number, at: Date) {
  const name = `Organization ${organization}`;
  return {
    organization: {
      id: uuid(organization),
      legalName: name,
      displayName: name,
      country: "CH",
      class: "company",
      sector: "",
      domain: null,
    },
    versionSha256: hash,
    officerTitle: "Director",
    officerCommitment: hash,
    statementSha256: hash,
    evidenceClass: "B" as const,
    keySha256: null,
    signedAt: at.toISOString(),
  };
}

function act(number: number, at: Date, payload: ActPayload): PublicAct {
  return { actId: uuid(1000 + number), number, versionNumber: 1, publishedAt: at, payload };
}

function sign(number: number, organization: number, at: Date): PublicAct {
  const common = { statementForPublication: "", declaration: "", actType: "SIGNATURE" as const };
  return act(number, at, { kind: "sign", ...signed(organization, at), ...common });
}

function withdraw(number: number, organization: number, at: Date, signAct: number, effectiveOn: Date): PublicAct {
  return act(number, at, {
    kind: "withdraw",
    ...signed(organization, at),
    signActId: uuid(1000 + signAct),
    effectiveOn: effectiveOn.toISOString(),
    reason: "",
  });
}

test("the list of a day is what it was on that day, whatever happened since", () => {
  const acts = [sign(1, 1, day(1)), sign(2, 2, day(5)), withdraw(3, 1, day(10), 1, day(20))];
  expect(signatoriesAsOf(acts, day(0))).toEqual([]);
  expect(signatoriesAsOf(acts, day(4)).map((one) => one.organization.id)).toEqual([uuid(1)]);
  expect(signatoriesAsOf(acts, day(9)).map((one) => one.status)).toEqual(["effective", "effective"]);
  expect(signatoriesAsOf(acts, day(15)).map((one) => one.status)).toEqual(["withdrawing", "effective"]);
  expect(countSignatories(signatoriesAsOf(acts, day(15)))).toEqual({ signatories: 2, withdrawn: 0 });
});

test("who withdrew stays on the list with both dates", () => {
  const acts = [sign(1, 1, day(1)), withdraw(2, 1, day(10), 1, day(20))];
  const [entry] = signatoriesAsOf(acts, day(30));
  expect(entry).toMatchObject({ status: "withdrawn", signedAt: day(1), noticeAt: day(10), withdrawsAt: day(20) });
});

test("a notice that was taken back leaves the signature as it was", () => {
  const back = { kind: "revoke-withdrawal" as const, ...signed(1, day(12)), signActId: uuid(1001) };
  const acts = [sign(1, 1, day(1)), withdraw(2, 1, day(10), 1, day(20)), act(3, day(12), back)];
  expect(signatoriesAsOf(acts, day(30))[0]).toMatchObject({ status: "effective", noticeAt: null, withdrawsAt: null });
  expect(signatoriesAsOf(acts, day(11))[0]).toMatchObject({ status: "withdrawing" });
});

test("an organization that withdrew and signed again shows both periods and counts once", () => {
  const acts = [sign(1, 1, day(1)), withdraw(2, 1, day(2), 1, day(2)), sign(3, 1, day(9))];
  const list = signatoriesAsOf(acts, day(10));
  expect(list.map((one) => one.status)).toEqual(["withdrawn", "effective"]);
  expect(countSignatories(list)).toEqual({ signatories: 1, withdrawn: 0 });
});

test("a signature that was entered in error is off the list and the counts, and stays on the list of the days before", () => {
  const { organization } = signed(1, day(1));
  const annulled = act(3, day(10), {
    kind: "void",
    organization,
    versionSha256: hash,
    signActId: uuid(1001),
    by: "depositary",
    reason: "The officer meant to sign as a person.",
    at: day(10).toISOString(),
  });
  const acts = [sign(1, 1, day(1)), sign(2, 2, day(5)), annulled];
  expect(signatoriesAsOf(acts, day(9)).map((one) => one.organization.id)).toEqual([uuid(1), uuid(2)]);
  const list = signatoriesAsOf(acts, day(10));
  expect(list.map((one) => one.organization.id)).toEqual([uuid(2)]);
  expect(countSignatories(list)).toEqual({ signatories: 1, withdrawn: 0 });
  expect(signatoriesAsOf([...acts, sign(4, 1, day(12))], day(12))).toHaveLength(2);
});

test("a signature sealed before the opening is on the list from the opening on", () => {
  const sealed = { ...sign(1, 1, day(1)), publishedAt: day(8) };
  expect(signatoriesAsOf([sealed], day(7))).toEqual([]);
  expect(signatoriesAsOf([sealed], day(8))[0]).toMatchObject({ signedAt: day(1), listedAt: day(8) });
});

test("a day means its last instant in UTC", () => {
  expect(endOfDay("2031-01-02").toISOString()).toBe("2031-01-02T23:59:59.999Z");
});

/** A history of signing and withdrawing, valid by construction. */
const history = fc
  .array(fc.record({ organization: fc.nat(5), gap: fc.integer({ min: 1, max: 9 }), notice: fc.nat(12) }))
  .map((steps) => {
    const acts: PublicAct[] = [];
    const standing = new Map<number, number>();
    const leaves = new Map<number, number>();
    let at = 0;
    for (const { organization, gap, notice } of steps) {
      at += gap;
      const number = acts.length + 1;
      const signAct = standing.get(organization);
      if (signAct === undefined || (leaves.get(organization) ?? Infinity) <= at) {
        acts.push(sign(number, organization, day(at)));
        standing.set(organization, number);
        leaves.delete(organization);
      } else if (!leaves.has(organization)) {
        acts.push(withdraw(number, organization, day(at), signAct, day(at + notice)));
        leaves.set(organization, at + notice);
      }
    }
    return acts;
  });

test("acts that come later never change the list of an earlier day, and their order does not matter", () => {
  fc.assert(
    fc.property(history, fc.nat(200), fc.nat(50), (acts, when, cut) => {
      const at = day(when);
      const known = acts.filter((one) => one.publishedAt <= at);
      const shuffled = [...acts.slice(cut), ...acts.slice(0, cut)].reverse();
      expect(signatoriesAsOf(acts, at)).toEqual(signatoriesAsOf(known, at));
      expect(signatoriesAsOf(shuffled, at)).toEqual(signatoriesAsOf(acts, at));
    }),
  );
});

test("nobody who ever signed disappears from the list, and nobody stands on it twice", () => {
  fc.assert(
    fc.property(history, fc.nat(200), (acts, when) => {
      const at = day(when);
      const list = signatoriesAsOf(acts, at);
      const signers = acts.filter((one) => one.payload.kind === "sign" && one.publishedAt <= at);
      expect(list).toHaveLength(signers.length);
      const standing = list.filter((one) => one.status !== "withdrawn").map((one) => one.organization.id);
      expect(new Set(standing).size).toBe(standing.length);
      expect(countSignatories(list).signatories).toBe(standing.length);
    }),
  );
});
