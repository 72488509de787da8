import type { Context } from "#lib/data/context.ts";
import { listPath, lockPublicSignature, sayOfSignature, tellOrganizations } from "#lib/data/keeper-act.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/**
 * The organization was entered in error: its signature is void and does not count. Nothing is removed; the list shows since when,
 * by whom and why, and the log says `by: operator`. The organization can sign again.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed; conflict when the signature does not stand in public.
 */
export async function voidSignature(ctx: Context, raw: SayOfSignature): Promise<{ actId: string }> {
  const operator = requireOnInstallation(ctx.actor, "examine-signatures");
  const { signActId, reason: text } = SayOfSignature.parse(raw);
  const reason = requirePublicReason(text);
  return transaction(ctx.db, async (tx) => {
    const signature = await lockPublicSignature(tx, signActId);
    const { organization, version, holderId } = signature;
    const actId = await sayOfSignature(tx, signature, {
      payload: {
        kind: "void",
        organization,
        versionSha256: version.sha256Hex,
        signActId,
        by: "operator",
        reason,
        at: ctx.now.toISOString(),
      },
      event: { kind: "annul" },
      userId: operator.userId,
      now: ctx.now,
    });
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: "void-signature", subject: signActId, reason, at: ctx.now },
    });
    await tellOrganizations(tx, [holderId], "signature-void", {
      subject: `The signature of ${organization.displayName} on “${version.title}” is void`,
      from: "The operator of this installation found that it was entered in error.",
      paragraphs: [
        `The signature on version ${version.number} does not count. The list keeps the entry and says that it is void.`,
        `The reason given: ${reason}`,
        "If the organization means to sign, it can do so again.",
      ],
      action: { label: "See the list", path: await listPath(tx, version.charterId) },
    });
    return { actId };
  });
}
