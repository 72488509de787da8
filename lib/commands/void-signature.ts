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
 * The depositary of the charter, or an operator, finds that the organization was entered in error: its signature is void from the start, off the list and the counts. The act, its notification
 * and the log entry stay and say by whose word. The organization can sign again.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when the signature does not stand in public.
 */
export async function voidSignature(ctx: Context, raw: SayOfSignature): Promise<{ actId: string }> {
  const { signActId, reason: text } = SayOfSignature.parse(raw);
  const { person, by } = await requireKeeper(ctx, signActId);
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
        by,
        reason,
        at: ctx.now.toISOString(),
      },
      event: { kind: "annul" },
      userId: person.userId,
      now: ctx.now,
    });
    if (by === "operator") {
      await tx.operatorAction.create({
        data: { userId: person.userId, kind: "void-signature", subject: signActId, reason, at: ctx.now },
      });
    }
    await tellOrganizations(tx, [holderId], "signature-void", {
      subject: `${organization.displayName} was entered as a signatory of “${version.title}” in error`,
      from: keeperFound[by],
      paragraphs: [
        `The signature on version ${version.number} is void from the start: it is off the list and does not count. The notification and the public log keep that it happened.`,
        `The reason given: ${reason}`,
        "If the organization means to sign, it can do so again.",
      ],
      action: { label: "See the list", path: await listPath(tx, version.charterId) },
    });
    return { actId };
  });
}
