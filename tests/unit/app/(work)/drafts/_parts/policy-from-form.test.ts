import { expect, test, vi } from "vitest";
import { policyFromForm } from "#app/(work)/drafts/_parts/policy-from-form.ts";
import { defaultPolicy } from "#lib/domain/policy.ts";

vi.mock("server-only", () => ({}));

/** What the browser sends of a policy nobody touched. */
function untouched(changes: Readonly<Record<string, string>> = {}): FormData {
  const form = new FormData();
  const { participantClasses, entryRule, ...rest } = defaultPolicy;
  const fields = { ...rest, entryRule: entryRule.kind, correctionWindowDays: "", reaffirmMonths: "", ...changes };
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  for (const one of participantClasses) form.append("participantClasses", one);
  return form;
}

test("what nobody touched is the policy that was shown", () => {
  expect(policyFromForm(untouched())).toEqual(defaultPolicy);
});

test("how long signatories can object to a correction is what the convenor chose, within its bounds", () => {
  expect(policyFromForm(untouched({ correctionWindowDays: "30" }))).toEqual({
    ...defaultPolicy,
    correctionWindowDays: 30,
  });
  for (const days of ["6", "366", "7.5", "soon"]) {
    expect(() => policyFromForm(untouched({ correctionWindowDays: days })), days).toThrow();
  }
});
