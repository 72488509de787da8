import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type AdoptionQuestion,
  evaluateAdoption,
  type PositionValue,
  positionValues,
  type TakenPosition,
} from "#lib/domain/adoption.ts";

const text = "a".repeat(64);
const earlier = "b".repeat(64);
const rules = ["consensus", "unanimity", "two-thirds"] as const;

const A = "AGREE";
const C = "CAN_ACCEPT";
const O = "OBJECT";
const S = "ABSTAIN";

test.each([
  ["consensus", [A], true],
  ["consensus", [C, C, C], false],
  ["consensus", [A, null, null], true],
  ["consensus", [A, C, S], true],
  ["consensus", [A, A, O], false],
  ["unanimity", [A, C], true],
  ["unanimity", [A, S], false],
  ["unanimity", [A, null], false],
  ["two-thirds", [A, C, O], true],
  ["two-thirds", [A, O, S], false],
  ["two-thirds", [S, S], false],
  ["two-thirds", [A, null, null], true],
] as const)("by %s, positions %j adopt a text: %s", (rule, values, adopted) => {
  expect(evaluateAdoption(asked(rule, [...values])).adopted).toBe(adopted);
});

test("what is missing names the organizations it is about", () => {
  const { missing } = evaluateAdoption(asked("consensus", [A, O, O]));
  expect(missing).toEqual(["Organization 1 and Organization 2 keep up their objection."]);
});

test("a text is adopted exactly when nothing is missing", () => {
  fc.assert(
    fc.property(question(), (one) => {
      const { adopted, missing } = evaluateAdoption(one);
      expect(adopted).toBe(missing.length === 0);
    }),
  );
});

test("every organization at the table stands in exactly one place, and nobody else does", () => {
  fc.assert(
    fc.property(question(), (one) => {
      const placed = Object.values(evaluateAdoption(one).standing).flat();
      expect(placed.map((seat) => seat.organizationId).sort()).toEqual(
        one.participants.map((seat) => seat.organizationId).sort(),
      );
    }),
  );
});

test("a stale position never helps a text: without it, what was adopted is adopted as well", () => {
  fc.assert(
    fc.property(question(), (one) => {
      const fresh = one.positions.filter((position) => position.textSha256Hex === one.textSha256Hex);
      const without = evaluateAdoption({ ...one, positions: fresh });
      if (evaluateAdoption(one).adopted) expect(without.adopted).toBe(true);
    }),
  );
});

test("nothing is adopted while a position is stale and its organization was not asked again", () => {
  fc.assert(
    fc.property(question(), (one) => {
      const { adopted, standing } = evaluateAdoption({ ...one, isAskedAgain: false });
      if (standing.STALE.length > 0) expect(adopted).toBe(false);
    }),
  );
});

test("an objection never turns into consent by a change of the text and silence", () => {
  fc.assert(
    fc.property(question(), (one) => {
      const objected = one.positions.some(
        (position) =>
          position.value === "OBJECT" &&
          one.participants.some((seat) => seat.organizationId === position.organizationId),
      );
      if (objected) expect(evaluateAdoption({ ...one, rule: "consensus" }).adopted).toBe(false);
    }),
  );
});

function asked(rule: AdoptionQuestion["rule"], values: readonly (PositionValue | null)[]): AdoptionQuestion {
  return {
    rule,
    textSha256Hex: text,
    participants: values.map((_, at) => ({ organizationId: String(at), name: `Organization ${at}` })),
    positions: values.flatMap((value, at) =>
      value ? [{ organizationId: String(at), value, textSha256Hex: text }] : [],
    ),
    isAskedAgain: false,
  };
}

function question(): fc.Arbitrary<AdoptionQuestion> {
  const position: fc.Arbitrary<Omit<TakenPosition, "organizationId"> | null> = fc.option(
    fc.record({ value: fc.constantFrom(...positionValues), textSha256Hex: fc.constantFrom(text, text, earlier) }),
  );
  return fc
    .record({
      rule: fc.constantFrom(...rules),
      seats: fc.array(position, { maxLength: 8 }),
      guests: fc.array(position, { maxLength: 2 }),
      isAskedAgain: fc.boolean(),
    })
    .map(({ rule, seats, guests, isAskedAgain }) => ({
      rule,
      textSha256Hex: text,
      isAskedAgain,
      participants: seats.map((_, at) => ({ organizationId: `seat ${at}`, name: `Organization ${at}` })),
      positions: [
        ...seats.flatMap((one, at) => (one ? [{ ...one, organizationId: `seat ${at}` }] : [])),
        // Organizations that left the table: their positions are passed over.
        ...guests.flatMap((one, at) => (one ? [{ ...one, organizationId: `gone ${at}` }] : [])),
      ],
    }));
}
