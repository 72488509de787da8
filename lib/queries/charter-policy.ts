import type { Context } from "#lib/data/context.ts";
import { type CharterPolicy, type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { policyConflicts } from "#lib/domain/policy-rules.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";

/** The policy of a charter, read back. */
export type CharterPolicyView = {
  readonly head: DraftHead;
  readonly purpose: string;
  readonly policy: CharterPolicy;
  readonly sentences: readonly PolicySentence[];
  readonly conflicts: readonly string[];
  readonly policyFixedAt: Date | null;
  readonly acknowledgedAt: Date | null;
};

/**
 * The policy of a charter in plain sentences, and when the person has acknowledged it.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function charterPolicy(ctx: Context, input: { charterId: string }): Promise<CharterPolicyView> {
  const { head, charter, userId } = await loadDraft(ctx, input.charterId);
  const acknowledged = await ctx.db.policyAcknowledgement.findUnique({
    where: { charterId_userId: { charterId: charter.id, userId } },
    select: { at: true },
  });
  const { policy, purpose, policyFixedAt } = charter;
  return {
    head,
    purpose,
    policy,
    sentences: policySentences(policy),
    conflicts: policyFixedAt
      ? []
      : policyConflicts(policy, { template: charter.template, today: ctx.now.toISOString().slice(0, 10) }),
    policyFixedAt,
    acknowledgedAt: acknowledged?.at ?? null,
  };
}
