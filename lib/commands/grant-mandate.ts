import type { Context } from "#lib/data/context.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/** A mandate as an admin grants it. `to` is the first instant at which it no longer counts; null is until further notice. */
export type MandateInput = {
  readonly membershipId: string;
  readonly title: string;
  readonly from: Date;
  readonly to: Date | null;
  readonly evidenceNote: string;
};

/**
 * Grants a person of the organization the mandate to sign for it, and makes them a signing officer. All admins can see it.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed.
 */
export async function grantMandate(
  ctx: Context,
  organizationId: string,
  input: MandateInput,
): Promise<{ mandateId: string }> {
  const admin = requireForOrganization(ctx.actor, "grant-mandate", organizationId);
  const title = plainLine(input.title, 120, "Give the title under which this person signs, such as General Counsel.");
  const evidenceNote =
    input.evidenceNote.trim() === "" ? "" : plainLine(input.evidenceNote, 500, "Keep the note short.");
  if (input.to !== null && (input.to <= input.from || input.to <= ctx.now)) {
    throw new Refusal("malformed", "The mandate would end before it begins, or before today.");
  }
  return transaction(ctx.db, async (tx) => {
    const member = await tx.membership.findFirst({
      where: { id: input.membershipId, organizationId, endedAt: null },
      select: { id: true, userId: true, roles: true, user: { select: { email: true } } },
    });
    if (!member) throw new Refusal("not-found", "There is no such person in the organization.");
    const roles = [...new Set([...member.roles, "signing-officer"])];
    await tx.membership.update({ where: { id: member.id }, data: { roles } });
    const { from, to } = input;
    const mandate = await tx.signingMandate.create({
      data: {
        organizationId,
        userId: member.userId,
        title,
        from,
        to,
        evidenceNote,
        grantedBy: admin.userId,
        grantedAt: ctx.now,
      },
      select: { id: true },
    });
    await announceRightsChange(tx, { userId: member.userId });
    const name = membershipIn(admin, organizationId)?.displayName ?? "";
    await enqueueMail(tx, {
      kind: "mandate-granted",
      to: member.user.email,
      content: {
        subject: `You may sign for ${name}`,
        from: `${admin.name} of ${name} recorded a signing mandate for you, as ${title}.`,
        paragraphs: ["You sign nothing by this. Charters that wait for your signature are on your page."],
        action: { label: "Open your page", path: "/home" },
      },
    });
    return { mandateId: mandate.id };
  });
}

function plainLine(text: string, max: number, message: string): string {
  const line = text.normalize("NFC").replace(/\s+/g, " ").trim();
  if (line.length < 2 || line.length > max || /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/u.test(line)) {
    throw new Refusal("malformed", message);
  }
  return line;
}
