import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { sha256 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";

/**
 * Records that the person has seen the policy of a charter; before it they may read the draft, but not edit it.
 * Safe to retry: the first time counts.
 *
 * @throws {Refusal} not-signed-in, not-found, not-drafting while the policy is not fixed yet.
 */
export async function acknowledgePolicy(ctx: Context, input: { charterId: string }): Promise<{ at: Date }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharter(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "read-draft", charter);
    if (!charter.policyFixedAt) {
      throw new Refusal("not-drafting", "The policy is not fixed yet; the convenor opens the drafting.");
    }
    const key = { charterId: charter.id, userId: person.userId };
    return tx.policyAcknowledgement.upsert({
      where: { charterId_userId: key },
      create: {
        ...key,
        organizationId,
        policySha256: Uint8Array.from(sha256(encodeJcs(charter.policy))),
        at: ctx.now,
      },
      update: {},
      select: { at: true },
    });
  });
}
