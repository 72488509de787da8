import { charterInvitationTtlMs, loadCharter, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { convenorAt } from "#lib/data/convenor-handover.ts";
import { RowId } from "#lib/domain/ids.ts";
import { type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, requirePerson } from "#lib/domain/rights.ts";
import { type Verification, verificationOf } from "#lib/domain/verification.ts";

/** An organization that may take the seat, and whether it could sign as it stands. */
export type InvitedOrganization = {
  readonly id: string;
  readonly name: string;
  readonly verification: Verification;
};

/** The landing page of an invitation to the table: whose text it is and by which rules it is made. */
export type CharterInvitationView = {
  readonly invitationId: string;
  readonly charterId: string;
  readonly title: string;
  readonly purpose: string;
  /** Who convened the charter when it was sent, and invites. */
  readonly convenor: string;
  readonly legalName: string;
  readonly message: string;
  readonly isEditor: boolean;
  readonly policy: readonly PolicySentence[];
  readonly expiresAt: Date;
  readonly state: "open" | "expired" | "accepted" | "declined" | "revoked";
  /** The person's organizations for which they may accept; first those with the domain that the invitation was sent to. */
  readonly organizations: readonly InvitedOrganization[];
};

/**
 * An invitation as the person sees it to whose address it was sent. Looking at it changes nothing.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone else.
 */
export async function charterInvitation(ctx: Context, input: { invitationId: string }): Promise<CharterInvitationView> {
  const person = requirePerson(ctx.actor);
  const row = RowId.safeParse(input.invitationId).success
    ? await ctx.db.charterInvitation.findUnique({ where: { id: input.invitationId } })
    : null;
  if (row?.email !== person.email) throw new Refusal("not-found", "There is no such invitation.");
  const charter = await loadCharter(ctx.db, row.charterId);
  const { answer } = row;
  return {
    invitationId: row.id,
    charterId: charter.id,
    title: charter.title,
    purpose: charter.purpose,
    convenor: await organizationName(
      ctx.db,
      await convenorAt(ctx.db, charter, new Date(row.expiresAt.getTime() - charterInvitationTtlMs)),
    ),
    legalName: row.legalName,
    message: row.message,
    isEditor: row.isEditor,
    policy: policySentences(charter.policy),
    expiresAt: row.expiresAt,
    state:
      answer === "accepted" || answer === "declined" || answer === "revoked"
        ? answer
        : row.expiresAt <= ctx.now
          ? "expired"
          : "open",
    organizations: await organizationsOf(
      ctx,
      person.memberships
        .map((one) => one.organizationId)
        .filter((id) => mayForOrganization(ctx.actor, "answer-invitation", id)),
      person.email.split("@")[1] ?? "",
    ),
  };
}

async function organizationsOf(ctx: Context, ids: readonly string[], domain: string): Promise<InvitedOrganization[]> {
  const rows = await ctx.db.organization.findMany({
    where: { id: { in: [...ids] } },
    orderBy: { displayName: "asc" },
    select: {
      id: true,
      displayName: true,
      suspendedAt: true,
      domains: { select: { domain: true, confirmedAt: true, lastGoodAt: true, releasedAt: true } },
      reviews: { select: { outcome: true, reviewedAt: true } },
    },
  });
  const fits = (row: (typeof rows)[number]) => row.domains.some((one) => one.domain === domain && !one.releasedAt);
  return [...rows.filter(fits), ...rows.filter((row) => !fits(row))].map((row) => ({
    id: row.id,
    name: row.displayName,
    verification: verificationOf(row, ctx.now),
  }));
}
