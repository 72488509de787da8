import type { Context } from "#lib/data/context.ts";
import {
  findHolder,
  listPath,
  lockPublicSignature,
  sayOfSignature,
  tellOperators,
  tellOrganizations,
} from "#lib/data/keeper-act.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization, requireOnInstallation } from "#lib/domain/rights.ts";

/**
 * Puts a public signature under review: "this was not us", "the officer was not entitled to". The organization's own word is enough,
 * and the operator may do it on somebody else's. It stays on the list as disputed and does not count until it is settled.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when it is not in public or disputed already.
 */
export async function disputeSignature(ctx: Context, raw: SayOfSignature): Promise<{ actId: string }> {
  const { signActId, reason: text } = SayOfSignature.parse(raw);
  const holderId = await findHolder(ctx.db, signActId);
  if (holderId === undefined) throw new Refusal("not-found", "There is no such signature.");
  const isOurs = ctx.actor.kind === "person" && membershipIn(ctx.actor, holderId) !== undefined;
  const person = isOurs
    ? requireForOrganization(ctx.actor, "dispute-signature", holderId)
    : requireOnInstallation(ctx.actor, "examine-signatures");
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
        by: isOurs ? "organization" : "operator",
        reason,
        at: ctx.now.toISOString(),
      },
      event: { kind: "dispute" },
      userId: person.userId,
      now: ctx.now,
    });
    const mail = {
      subject: `The signature of ${organization.displayName} on “${version.title}” is disputed`,
      from: isOurs ? `${organization.legalName} itself says so.` : "The operator of this installation says so.",
      paragraphs: [
        `The signature on version ${version.number} stays on the list as disputed, and does not count until this is settled.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "See the list", path },
    };
    await tellOrganizations(tx, [holderId], "signature-disputed", mail);
    if (isOurs) {
      await tellOperators(tx, "signature-disputed", {
        ...mail,
        action: { label: "Settle it", path: "/operator/record" },
      });
    }
    return { actId };
  });
}
