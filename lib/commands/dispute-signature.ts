import type { Context } from "#lib/data/context.ts";
import {
  findHolder,
  keeperFound,
  listPath,
  lockPublicSignature,
  requireKeeper,
  sayOfSignature,
  tellDepositary,
  tellOperators,
  tellOrganizations,
} from "#lib/data/keeper-act.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Puts a public signature under review: "this was not us", "the officer was not entitled to". The organization's own word is enough; the
 * depositary does it when it finds a defect, the operator in its place. It stays on the list as disputed and does not count until it is settled.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when it is not in public or disputed already.
 */
export async function disputeSignature(ctx: Context, raw: SayOfSignature): Promise<{ actId: string }> {
  const { signActId, reason: text } = SayOfSignature.parse(raw);
  const holderId = await findHolder(ctx.db, signActId);
  if (holderId === undefined) throw new Refusal("not-found", "There is no such signature.");
  const { person, by } = await requireVoice(ctx, signActId, holderId);
  const reason = requirePublicReason(text);
  return transaction(ctx.db, async (tx) => {
    const signature = await lockPublicSignature(tx, signActId);
    const { organization, version } = signature;
    const path = await listPath(tx, version.charterId);
    const actId = await sayOfSignature(tx, signature, {
      payload: {
        kind: "dispute",
        organization,
        versionSha256: version.sha256Hex,
        signActId,
        by,
        reason,
        at: ctx.now.toISOString(),
      },
      event: { kind: "dispute" },
      userId: person.userId,
      now: ctx.now,
    });
    const mail = {
      subject: `The signature of ${organization.displayName} on “${version.title}” is disputed`,
      from: by === "organization" ? `${organization.legalName} itself says so.` : keeperFound[by],
      paragraphs: [
        `The signature on version ${version.number} stays on the list as disputed, and does not count until this is settled.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "See the list", path },
    };
    await tellOrganizations(tx, [holderId], "signature-disputed", mail);
    if (by === "organization") {
      const settleAt = (where: string) => ({ ...mail, action: { label: "Settle it", path: where } });
      await tellDepositary(
        tx,
        version.charterId,
        "signature-disputed",
        settleAt(`/drafts/${version.charterId}/signing`),
      );
      await tellOperators(tx, "signature-disputed", settleAt("/operator/record"));
    }
    return { actId };
  });
}

/** Whose word it is: the organization's own where the person may give it, else a keeper's. */
async function requireVoice(ctx: Context, signActId: string, holderId: string) {
  const { actor } = ctx;
  const isOurs = actor.kind === "person" && membershipIn(actor, holderId) !== undefined;
  if (mayForOrganization(actor, "dispute-signature", holderId)) {
    return { person: requireForOrganization(actor, "dispute-signature", holderId), by: "organization" as const };
  }
  try {
    return await requireKeeper(ctx, signActId);
  } catch (cause) {
    // People of the organization know of their signature: they are told that their role is not enough.
    if (isOurs && cause instanceof Refusal) requireForOrganization(actor, "dispute-signature", holderId);
    throw cause;
  }
}
