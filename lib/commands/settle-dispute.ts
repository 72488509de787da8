import type { Context } from "#lib/data/context.ts";
import {
  keeperFound,
  listPath,
  lockPublicSignature,
  requireKeeper,
  sayOfSignature,
  tellOrganizations,
} from "#lib/data/keeper-act.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";

/**
 * The depositary of the charter, or an operator, looked into the dispute and the signature stands; an act without authority can be confirmed afterwards (VCLT 8). The other way
 * out is `voidSignature`.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when nothing is disputed.
 */
export async function settleDispute(ctx: Context, raw: SayOfSignature): Promise<{ actId: string }> {
  const { signActId, reason: text } = SayOfSignature.parse(raw);
  const { person, by } = await requireKeeper(ctx, signActId);
  const reason = requirePublicReason(text);
  return transaction(ctx.db, async (tx) => {
    const signature = await lockPublicSignature(tx, signActId);
    const { organization, version, holderId } = signature;
    const actId = await sayOfSignature(tx, signature, {
      payload: {
        kind: "dispute-settled",
        organization,
        versionSha256: version.sha256Hex,
        signActId,
        by,
        reason,
        at: ctx.now.toISOString(),
      },
      event: { kind: "settle", effectiveOn: signature.withdrawsAt, now: ctx.now },
      userId: person.userId,
      now: ctx.now,
    });
    if (by === "operator") {
      await tx.operatorAction.create({
        data: { userId: person.userId, kind: "settle-dispute", subject: signActId, reason, at: ctx.now },
      });
    }
    await tellOrganizations(tx, [holderId], "dispute-settled", {
      subject: `The signature of ${organization.displayName} on “${version.title}” stands`,
      from: keeperFound[by],
      paragraphs: [
        `The signature on version ${version.number} stands and counts again.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "See the list", path: await listPath(tx, version.charterId) },
    });
    return { actId };
  });
}
