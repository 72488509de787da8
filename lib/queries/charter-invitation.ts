import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { RowId } from "#lib/domain/ids.ts";
import { type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, requirePerson } from "#lib/domain/rights.ts";

/** The landing page of an invitation to the table: whose text it is and by which rules it is made. */
export type CharterInvitationView = {
  readonly invitationId: string;
  readonly charterId: string;
  readonly title: string;
  readonly purpose: string;
  readonly convenor: string;
  readonly legalName: string;
  readonly message: string;
  readonly isEditor: boolean;
  readonly policy: readonly PolicySentence[];
  readonly expiresAt: Date;
  readonly state: "open" | "expired" | "accepted" | "declined" | "revoked";
  /** The person's organizations for which they may accept. */
  readonly organizations: readonly { readonly id: string; readonly name: string }[];
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
    convenor: charter.participants.find((one) => one.organizationId === charter.convenorOrganizationId)?.name ?? "",
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
    organizations: person.memberships
      .filter((one) => mayForOrganization(ctx.actor, "answer-invitation", one.organizationId))
      .map((one) => ({ id: one.organizationId, name: one.displayName })),
  };
}
