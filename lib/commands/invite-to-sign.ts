import { z } from "zod";
import { loadCharter, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { closedMessage } from "#lib/data/signing-version.ts";
import { isUniqueViolation, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import { Line, Lines } from "#lib/ledger/fields.ts";

export const InviteToSign = z.strictObject({
  versionId: RowId,
  /** The organization as the one who invites knows it; its own record is found by the officer who answers. */
  legalName: Line.max(300),
  email: z.string().max(254),
  message: z.union([z.literal(""), Lines.max(1000)]),
});
export type InviteToSign = z.infer<typeof InviteToSign>;

/**
 * Invites an organization to sign, by mail to its officer. The mail carries no key to anything: whoever follows it signs in
 * first, and fetching its link changes nothing. The invitation is never public.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, version-closed; conflict when that address has an
 *   invitation that waits.
 */
export async function inviteToSign(ctx: Context, raw: InviteToSign): Promise<{ invitationId: string }> {
  const input = InviteToSign.parse(raw);
  const email = parseMailAddress(input.email);
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, input.versionId, "share");
    const charter = await loadCharter(tx, version.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "invite-to-sign", charter);
    if (!isSignable(version.state)) throw new Refusal("version-closed", closedMessage(version.state));
    if (charter.policy.joinPolicy === "closed") {
      throw new Refusal(
        "not-available",
        "By its policy only the organizations that took part in drafting sign this charter.",
      );
    }
    const { id } = await tx.signingInvitation.create({
      data: {
        versionId: version.id,
        legalName: input.legalName,
        email,
        message: input.message,
        invitedBy: person.userId,
        createdAt: ctx.now,
      },
      select: { id: true },
    });
    const inviter = await organizationName(tx, organizationId);
    await enqueueMail(tx, {
      kind: "signing-invitation",
      to: email,
      content: {
        subject: `${inviter} invites ${input.legalName} to sign a charter`.slice(0, 200),
        from: `${person.name} of ${inviter}`.slice(0, 400),
        paragraphs: [
          `${inviter} invites ${input.legalName} to sign version ${version.number} of “${version.title}”.`,
          ...(input.message === "" ? [] : [input.message]),
          "Nothing is decided by opening this mail or its link. After signing in you read the text, and you can sign, answer “not now” or decline; your answer is seen by the keeper of the record only.",
          ...(version.state === "OPEN_SEALED" ? ["The charter is not public yet. Please keep it confidential."] : []),
        ],
        action: { label: "Read the text and decide", path: `/sign/${version.id}` },
      },
    });
    return { invitationId: id };
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal("conflict", "An invitation to this address is waiting for an answer already.");
  });
}

/**
 * Takes an invitation back that was not answered by a signature.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted.
 */
export async function revokeSigningInvitation(ctx: Context, invitationId: string): Promise<void> {
  const invitation = await ctx.db.signingInvitation.findUnique({
    where: { id: invitationId },
    select: { version: { select: { charterId: true } } },
  });
  if (!invitation) throw new Refusal("not-found", "There is no such invitation.");
  requireOnCharter(ctx.actor, "invite-to-sign", await loadCharter(ctx.db, invitation.version.charterId));
  await ctx.db.signingInvitation.updateMany({
    where: { id: invitationId, state: { not: "SIGNED" } },
    data: { state: "REVOKED", answeredAt: ctx.now },
  });
}
