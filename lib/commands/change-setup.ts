import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import type { CharterPolicy } from "#lib/domain/policy.ts";
import { requirePolicy } from "#lib/domain/policy-rules.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/** What may be changed before drafting opens. */
export type Setup = {
  readonly charterId: string;
  readonly purpose: string;
  readonly displayType: string;
  readonly policy: CharterPolicy;
};

/**
 * Changes purpose and policy of a charter whose drafting is not open yet.
 *
 * @throws {Refusal} not-found, not-permitted; conflict once the policy is fixed or when its values contradict each other;
 *   not-available for a value that is not carried yet.
 */
export async function changeSetup(ctx: Context, input: Setup): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    requireOnCharter(ctx.actor, "edit-setup", charter);
    if (charter.policyFixedAt) {
      throw new Refusal("conflict", "The policy was fixed when drafting opened and does not change any more.");
    }
    requirePolicy(input.policy, { template: charter.template, today: ctx.now.toISOString().slice(0, 10) });
    await tx.charter.update({
      where: { id: charter.id },
      data: { purpose: input.purpose, displayType: input.displayType, policy: input.policy },
    });
  });
}
