import { randomUUID } from "node:crypto";
import { charterInvitationTtlMs, loadCharter, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { isOpenRound } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/** Whom the convenor asks to the table: an organization, by its name and a contact there. */
export type CharterInvite = {
  readonly charterId: string;
  readonly legalName: string;
  /** An address that was checked at the door, in its canonical form. */
  readonly email: string;
  readonly domain: string | null;
  readonly isEditor: boolean;
  readonly message: string;
};

const openInvitationsMax = 500;
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });

/**
 * Invites an organization to the drafting table by a mail to its contact. Fetching the link changes nothing. An open
 * invitation to the same address is sent again instead of a second one.
 *
 * @throws {Refusal} not-found, not-permitted, conflict once the round has ended, too-many.
 */
export async function inviteOrganization(ctx: Context, input: CharterInvite): Promise<{ invitationId: string }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharter(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "invite-organization", charter);
    const round = await loadRound(tx, charter.id);
    if (!isOpenRound(round.state)) throw new Refusal("conflict", "This round of drafting has ended.");
    const open = await tx.charterInvitation.findMany({
      where: { charterId: charter.id, answeredAt: null, expiresAt: { gt: ctx.now } },
      select: { id: true, email: true },
    });
    if (open.length >= openInvitationsMax) {
      throw new Refusal("too-many", `There are ${openInvitationsMax} open invitations; wait for answers first.`);
    }
    const expiresAt = new Date(ctx.now.getTime() + charterInvitationTtlMs);
    const invitationId = open.find((one) => one.email === input.email)?.id ?? randomUUID();
    const { legalName, domain, isEditor, message } = input;
    await tx.charterInvitation.upsert({
      where: { id: invitationId },
      create: {
        id: invitationId,
        charterId: charter.id,
        email: input.email,
        legalName,
        domain,
        isEditor,
        message,
        invitedBy: person.userId,
        createdAt: ctx.now,
        expiresAt,
      },
      update: { legalName, domain, isEditor, message, expiresAt },
    });
    await enqueueMail(tx, {
      kind: "charter-invitation",
      to: input.email,
      content: {
        subject: `Invitation to draft: ${charter.title}`.slice(0, 200),
        from: `${person.name}, ${await organizationName(tx, organizationId)}`,
        paragraphs: [
          `${legalName} is invited to take part in drafting “${charter.title}”.`,
          ...(message === "" ? [] : [message]),
          "Nothing is accepted by opening this link: you first see whose text it is and by which rules it is made.",
        ],
        action: { label: "See the invitation", path: `/drafts/invitations/${invitationId}` },
        closing: `The invitation may be answered until ${day.format(expiresAt)}.`,
      },
    });
    return { invitationId };
  });
}
