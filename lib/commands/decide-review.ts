import { bumpProfile, changeIdentity } from "#lib/data/change-identity.ts";
import type { Context } from "#lib/data/context.ts";
import { adminAddresses } from "#lib/data/memberships.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { lockRenamed } from "#lib/data/rename-acts.ts";
import { hashOfShown, shownOfReview, wantedOf } from "#lib/data/review-shown.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/** What an operator decides, on what (`shown`, as `loadOperations` gives it with the review), and why. */
type ReviewDecision = {
  readonly reviewId: string;
  readonly shown: string;
  readonly outcome: "verified" | "refused";
  readonly reason: string;
};

/**
 * The operator verifies an organization on its evidence, or says why not. Where the organization asks for a new name, country
 * or class, verifying makes the change, with a notification on every charter it signed, and refusing leaves everything as it
 * is, also the verification. What the operator did stays on record, and the admins of the organization get it by mail.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed, conflict (also when the organization says something else by now).
 */
export async function decideReview(ctx: Context, input: ReviewDecision): Promise<void> {
  const operator = requireOnInstallation(ctx.actor, "review-evidence");
  const reason = input.reason.trim();
  if (reason.length < 5 || reason.length > 1000) {
    throw new Refusal("malformed", "Say in a sentence what the decision rests on; the organization reads it.");
  }
  const { reviewId, outcome } = input;
  await transaction(ctx.db, async (tx) => {
    const asked = await tx.evidenceReview.findUnique({
      where: { id: reviewId },
      select: { organizationId: true, wanted: true, requestedBy: true },
    });
    if (!asked) throw new Refusal("not-found", "There is no such review.");
    const { organizationId } = asked;
    const wanted = wantedOf(asked.wanted);
    const isChanged = wanted !== null && outcome === "verified";
    const signatures = isChanged ? await lockRenamed(tx, organizationId) : [];
    // From here on the organization says nothing else until the decision is written.
    await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`;
    const written = wanted !== null && outcome === "refused" ? "change-refused" : outcome;
    const decided = await tx.evidenceReview.updateMany({
      where: { id: reviewId, outcome: null },
      data: { outcome: written, outcomeReason: reason, reviewedBy: operator.userId, reviewedAt: ctx.now },
    });
    if (decided.count === 0) throw new Refusal("conflict", "This was decided already.");
    const formerName = await requireShown(tx, input);
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: `review-${outcome}`, subject: organizationId, reason, at: ctx.now },
    });
    if (isChanged) {
      // The organization says its new name; who asked for it may have been erased since.
      const userId = asked.requestedBy ?? operator.userId;
      await changeIdentity(tx, { organizationId, to: wanted, signatures, userId, now: ctx.now });
      await bumpProfile(tx, organizationId);
    }
    await bumpRevisions(tx, [`organization:${organizationId}`]);
    const subject = {
      verified: `${isChanged ? wanted.displayName : formerName} is verified`,
      refused: `${formerName} could not be verified on this evidence`,
      "change-refused": `${formerName} stays as it is: the change could not be verified on this evidence`,
    }[written];
    await tellAdmins(tx, organizationId, subject, reason);
  });
}

/** Lets only a decision pass on what stands now. Gives back what the organization is called. */
async function requireShown(tx: Tx, { reviewId, shown }: ReviewDecision): Promise<string> {
  const review = await tx.evidenceReview.findUniqueOrThrow({ where: { id: reviewId }, select: shownOfReview });
  if (hashOfShown(review) !== shown) {
    throw new Refusal("conflict", "The organization changed what it says since you read it; read it again.");
  }
  return review.organization.displayName;
}

async function tellAdmins(tx: Tx, organizationId: string, subject: string, reason: string): Promise<void> {
  for (const to of await adminAddresses(tx, organizationId)) {
    await enqueueMail(tx, {
      kind: "review-decided",
      to,
      content: {
        subject,
        from: "The operator of this installation read your evidence.",
        paragraphs: [`The reason given: ${reason}`],
        action: { label: "Open your organization", path: `/organizations/${organizationId}#verification` },
      },
    });
  }
}
