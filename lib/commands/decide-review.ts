import type { Context } from "#lib/data/context.ts";
import { adminAddresses } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/**
 * The operator verifies an organization on its evidence, or says why not. What the operator did stays on record, and the
 * admins of the organization get it by mail.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed, conflict.
 */
export async function decideReview(
  ctx: Context,
  input: { reviewId: string; outcome: "verified" | "refused"; reason: string },
): Promise<void> {
  const operator = requireOnInstallation(ctx.actor, "review-evidence");
  const reason = input.reason.trim();
  if (reason.length < 5 || reason.length > 1000) {
    throw new Refusal("malformed", "Say in a sentence what the decision rests on; the organization reads it.");
  }
  await transaction(ctx.db, async (tx) => {
    const review = await tx.evidenceReview.findUnique({
      where: { id: input.reviewId },
      select: { organizationId: true, organization: { select: { displayName: true } } },
    });
    if (!review) throw new Refusal("not-found", "There is no such review.");
    const decided = await tx.evidenceReview.updateMany({
      where: { id: input.reviewId, outcome: null },
      data: { outcome: input.outcome, outcomeReason: reason, reviewedBy: operator.userId, reviewedAt: ctx.now },
    });
    if (decided.count === 0) throw new Refusal("conflict", "This was decided already.");
    const { organizationId, organization } = review;
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: `review-${input.outcome}`, subject: organizationId, reason, at: ctx.now },
    });
    await bumpRevisions(tx, [`organization:${organizationId}`]);
    for (const to of await adminAddresses(tx, organizationId)) {
      await enqueueMail(tx, {
        kind: "review-decided",
        to,
        content: {
          subject:
            input.outcome === "verified"
              ? `${organization.displayName} is verified`
              : `${organization.displayName} could not be verified on this evidence`,
          from: "The operator of this installation read your evidence.",
          paragraphs: [`The reason given: ${reason}`],
          action: { label: "Open your organization", path: `/organizations/${organizationId}#verification` },
        },
      });
    }
  });
}
