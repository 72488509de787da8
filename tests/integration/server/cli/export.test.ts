import { afterAll, beforeAll, expect, test } from "vitest";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { checkExport } from "#server/cli/fsck.ts";
import { type KeptRecord, keepRecord } from "#tests/support/kept-record.ts";

let record: KeptRecord;
beforeAll(async () => {
  record = await keepRecord();
});
afterAll(async () => record.world.close());

test("an export says how many signatures stand on keys its reader knows, and how many on the keeper's word", () => {
  const { taken } = record;
  const verdict = checkExport(taken.export, parsePolicy(taken.policy), [taken.checkpoint]);
  expect(verdict).toEqual({
    exit: 5,
    sentences: [
      expect.stringMatching(/^The list of 4 organizations .* follows from the log, to the byte\.$/),
      "By keys that your policy names: 4 signed acts.",
      "Recorded by the keeper, no key of the organization: 1 signed act.",
    ],
  });
  const unknown = parsePolicy(taken.policy.replaceAll(/^organization .*\n/gm, ""));
  expect(checkExport(taken.export, unknown).sentences).toContain(
    "Key vouched for by the keeper, not by your policy: 4 signed acts.",
  );
});

test("its receipts verify against the same policy", () => {
  const { taken } = record;
  expect(verifyReceipt(taken.receipt, parsePolicy(taken.policy))).toMatchObject({ exit: 3, act: { kind: "sign" } });
  expect(verifyReceipt(taken.withdrawal, parsePolicy(taken.policy))).toMatchObject({
    exit: 3,
    act: { kind: "withdraw" },
  });
});
