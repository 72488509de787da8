import type { Context } from "#lib/data/context.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import { type CharterPolicy, type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { policyConflicts, unfinishedPolicy } from "#lib/domain/policy-rules.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";
import { readDraftText } from "./draft-text.ts";

/** The policy of a charter, read back. */
export type CharterPolicyView = {
  readonly head: DraftHead;
  readonly purpose: string;
  readonly policy: CharterPolicy;
  readonly sentences: readonly PolicySentence[];
  readonly conflicts: readonly string[];
  /** The clauses that could be listed for reservations, while the policy is still open; none once it is fixed. */
  readonly clauses: readonly { readonly id: string; readonly number: string; readonly heading: string }[];
  readonly policyFixedAt: Date | null;
  readonly acknowledgedAt: Date | null;
};

/**
 * The policy of a charter in plain sentences, and when the person has acknowledged it.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function charterPolicy(ctx: Context, input: { charterId: string }): Promise<CharterPolicyView> {
  const { head, charter, userId, round } = await loadDraft(ctx, input.charterId);
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
      : [
          ...policyConflicts(policy, { template: charter.template, today: ctx.now.toISOString().slice(0, 10) }),
          ...[unfinishedPolicy(policy) ?? []].flat(),
        ],
    clauses: policyFixedAt ? [] : await listClauses(ctx, round.room.id, charter.language),
    policyFixedAt,
    acknowledgedAt: acknowledged?.at ?? null,
  };
}

async function listClauses(ctx: Context, roomId: string, language: string): Promise<CharterPolicyView["clauses"]> {
  const { text } = await readDraftText(ctx.db, roomId, language);
  return numbered(text.clauses)
    .filter((clause) => clause.kind !== "preamble")
    .map(({ id, number, heading }) => ({ id, number, heading }));
}
