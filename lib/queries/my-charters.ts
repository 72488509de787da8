import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { latestPositions, loadRound } from "#lib/data/draft-rounds.ts";
import type { RoundState } from "#lib/domain/draft-round.ts";
import { mayOnCharter, requirePerson } from "#lib/domain/rights.ts";
import { stateSentence } from "./draft-head.ts";

/** A charter at whose table one of the person's organizations sits. */
export type MyCharter = {
  readonly charterId: string;
  readonly title: string;
  readonly displayType: string;
  readonly state: RoundState;
  readonly isSetup: boolean;
  readonly sentence: string;
  readonly isConvenor: boolean;
  /** What the person is asked for; null when it is nothing. */
  readonly asked: "acknowledge" | "position" | "open-drafting" | null;
  readonly slug: string | null;
  readonly createdAt: Date;
};

/** An invitation to a table that waits for the person's answer. */
export type WaitingInvitation = {
  readonly invitationId: string;
  readonly title: string;
  readonly legalName: string;
  readonly expiresAt: Date;
};

/**
 * The charters a person takes part in, those that ask something of them first, and the invitations to their address.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function myCharters(
  ctx: Context,
): Promise<{ charters: readonly MyCharter[]; invitations: readonly WaitingInvitation[] }> {
  const person = requirePerson(ctx.actor);
  const organizationIds = person.memberships.map((one) => one.organizationId);
  const seats = await ctx.db.participant.findMany({
    where: { organizationId: { in: organizationIds }, leftAt: null },
    distinct: ["charterId"],
    select: { charterId: true },
  });
  const charters: MyCharter[] = [];
  for (const { charterId } of seats) charters.push(await myCharter(ctx, person.userId, organizationIds, charterId));
  const invitations = await ctx.db.charterInvitation.findMany({
    where: { email: person.email, answer: null, expiresAt: { gt: ctx.now } },
    orderBy: { createdAt: "desc" },
    select: { id: true, legalName: true, expiresAt: true, charter: { select: { title: true } } },
  });
  return {
    charters: charters.sort(
      (left, right) =>
        Number(left.asked === null) - Number(right.asked === null) ||
        right.createdAt.getTime() - left.createdAt.getTime(),
    ),
    invitations: invitations.map(({ id, charter, ...rest }) => ({ invitationId: id, title: charter.title, ...rest })),
  };
}

async function myCharter(
  ctx: Context,
  userId: string,
  organizationIds: readonly string[],
  charterId: string,
): Promise<MyCharter> {
  const charter = await loadCharter(ctx.db, charterId);
  const round = await loadRound(ctx.db, charterId);
  return {
    charterId,
    title: charter.title,
    displayType: charter.displayType,
    state: round.state,
    isSetup: charter.policyFixedAt === null,
    sentence: stateSentence(charter, round),
    isConvenor: organizationIds.includes(charter.convenorOrganizationId),
    asked: await askedOf(),
    slug: charter.visibility === "PUBLIC" ? charter.slug : null,
    createdAt: charter.createdAt,
  };

  async function askedOf(): Promise<MyCharter["asked"]> {
    if (!charter.policyFixedAt) return mayOnCharter(ctx.actor, "edit-setup", charter) ? "open-drafting" : null;
    if (round.state === "FINAL_CALL" && mayOnCharter(ctx.actor, "submit-position", charter)) {
      const taken = (await latestPositions(ctx.db, round.id)).some(
        (one) => organizationIds.includes(one.organizationId) && one.textSha256Hex === round.version?.textSha256Hex,
      );
      return taken ? null : "position";
    }
    if (round.state !== "DRAFTING" && round.state !== "REVIEW") return null;
    const key = { charterId_userId: { charterId, userId } };
    const seen = await ctx.db.policyAcknowledgement.findUnique({ where: key, select: { at: true } });
    return seen ? null : "acknowledge";
  }
}
