import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { requirePolicy, unfinishedPolicy } from "#lib/domain/policy-rules.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { sha256 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";

/**
 * Fixes the policy of a charter for good and opens the drafting; whoever does it has thereby seen the policy.
 * Safe to retry: the first time counts.
 *
 * @throws {Refusal} not-found, not-permitted, conflict, not-available.
 */
export async function fixPolicyAndOpenDrafting(
  ctx: Context,
  input: { charterId: string },
): Promise<{ policyFixedAt: Date }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "edit-setup", charter);
    if (charter.policyFixedAt) return { policyFixedAt: charter.policyFixedAt };
    requirePolicy(charter.policy, { template: charter.template, today: ctx.now.toISOString().slice(0, 10) });
    const unfinished = unfinishedPolicy(charter.policy);
    if (unfinished !== null) throw new Refusal("conflict", unfinished);
    await tx.charter.update({ where: { id: charter.id }, data: { policyFixedAt: ctx.now } });
    await tx.policyAcknowledgement.create({
      data: {
        charterId: charter.id,
        userId: person.userId,
        organizationId,
        policySha256: Uint8Array.from(sha256(encodeJcs(charter.policy))),
        at: ctx.now,
      },
    });
    return { policyFixedAt: ctx.now };
  });
}
