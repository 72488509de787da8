import { randomFillSync } from "node:crypto";
import { expect, test } from "vitest";
import { CharterText } from "#lib/domain/charter-text.ts";
import { CharterPolicy, unavailablePolicies } from "#lib/domain/policy.ts";
import { policyConflicts } from "#lib/domain/policy-rules.ts";
import { availablePolicy, templates, templateText } from "#lib/domain/templates.ts";
import { canonicalVersion } from "#lib/ledger/canonical-version.ts";

const random = (bytes: Uint8Array<ArrayBuffer>) => randomFillSync(bytes);
const place = { charterId: "00000000-0000-4000-8000-000000000000", version: 1, previous: null };

test("there are the seven shapes of agreement, the multi-party accord first and whole", () => {
  expect(templates.map((one) => one.key)).toEqual([
    "multi-party-accord",
    "convention",
    "bilateral-understanding",
    "joint-statement",
    "expert-consensus",
    "decision-procedure",
    "confidential-partnership",
  ]);
  const kinds = new Set(templates[0]?.clauses.map((one) => one.kind));
  expect(kinds).toEqual(new Set(["preamble", "section", "definition", "clause", "final", "annex"]));
  expect(unavailablePolicies(availablePolicy(CharterPolicy.parse(templates[0]?.policy)))).toEqual([]);
});

test.each(templates)("$key has a text that can be frozen as it is", (template) => {
  const text = templateText(template.key, random);
  expect(CharterText.parse(text)).toEqual(text);
  expect(canonicalVersion(text, place).hashHex).toMatch(/^[0-9a-f]{64}$/);
});

test.each(templates)("$key begins with a policy that agrees with itself and can be chosen", (template) => {
  const policy = availablePolicy(CharterPolicy.parse(template.policy));
  expect(unavailablePolicies(policy)).toEqual([]);
  expect(policyConflicts(policy, { template: template.key, today: "2031-05-03" })).toEqual([]);
});

test.each(templates)("$key avoids words that promise more than a charter does", (template) => {
  const words = JSON.stringify([template.title, template.summary, template.purpose, template.clauses]);
  expect(words).not.toMatch(
    /\b(?:binding|ratif\w+|treaty|vote\w*|members?|e-sign\w*|certificates?|immutable|blockchain|guarantee\w*)\b/i,
  );
});

test("a joint statement cannot be open for later signature, and the reason is said", () => {
  const policy = CharterPolicy.parse({ ...templates[0]?.policy, joinPolicy: "open" });
  expect(policyConflicts(policy, { template: "joint-statement", today: "2031-05-03" })).toEqual([
    "A joint statement has a closed list of issuers: it cannot be open for later signature.",
  ]);
});
