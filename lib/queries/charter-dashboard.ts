import type { Context } from "#lib/data/context.ts";
import { latestPositions } from "#lib/data/draft-rounds.ts";
import { evaluateAdoption, type PositionValue } from "#lib/domain/adoption.ts";
import { headingOf, type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { excerptOf } from "#lib/domain/clause-diff.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { type PolicySentence, policySentences } from "#lib/domain/policy.ts";
import { type DraftHead, type LoadedDraft, loadDraft } from "./draft-head.ts";
import { readDraftText } from "./draft-text.ts";

/** One clause as a row of the dashboard. */
export type DashboardClause = {
  readonly id: string;
  readonly kind: NumberedClause["kind"];
  readonly level: number;
  readonly number: string;
  readonly heading: string;
  readonly excerpt: string;
  readonly openThreads: number;
  /** Wordings since it was added; 0 when it reads as it did at first. */
  readonly changes: number;
  readonly lastChangedAt: Date | null;
};

/** An organization at the table as the dashboard lists it. */
export type DashboardParticipant = {
  readonly organizationId: string;
  readonly name: string;
  /** Its English name. */
  readonly country: string;
  readonly isConvenor: boolean;
  readonly isDepositary: boolean;
  readonly isEditor: boolean;
  /** Whether anyone of it has acknowledged the policy, that is, opened the draft to work on it. */
  readonly hasOpened: boolean;
  /** Its position in this round; null before it took one. */
  readonly position: PositionValue | null;
  readonly isStale: boolean;
};

/** An invitation to the table; told to those who may invite. */
export type DashboardInvitation = {
  readonly id: string;
  readonly legalName: string;
  readonly email: string;
  readonly domain: string | null;
  readonly isEditor: boolean;
  readonly createdAt: Date;
  readonly state: "open" | "expired" | "accepted" | "declined" | "revoked";
};

/** The page from which a charter's drafting is run. */
export type CharterDashboard = {
  readonly head: DraftHead;
  readonly purpose: string;
  readonly policy: readonly PolicySentence[];
  readonly deadline: Date | null;
  readonly closedAt: Date | null;
  readonly closedReason: string | null;
  readonly clauses: readonly DashboardClause[];
  readonly openThreads: number;
  readonly participants: readonly DashboardParticipant[];
  readonly invitations: readonly DashboardInvitation[];
  /** The frozen text of this round, when there is one. */
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly sha256Hex: string;
    /** Whether an adopted text still waits to be opened for signature. */
    readonly isUnopened: boolean;
  } | null;
  /** What the adoption rule says now; null before a text is frozen. */
  readonly adoption: { readonly adopted: boolean; readonly missing: readonly string[]; readonly stale: number } | null;
  readonly keptTexts: readonly {
    readonly id: string;
    readonly clauseId: string | null;
    readonly text: string;
    readonly reason: string;
    readonly createdAt: Date;
  }[];
};

/**
 * The dashboard of a charter for an organization at its table.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function charterDashboard(ctx: Context, input: { charterId: string }): Promise<CharterDashboard> {
  const draft = await loadDraft(ctx, input.charterId);
  const { head, charter, round, userId } = draft;
  const { text } = await readDraftText(ctx.db, round.room.id, charter.language);
  const threads = await openThreadCounts(ctx, charter.id);
  const revisions = await revisionCounts(ctx, charter.id);
  const clauses = numbered(text.clauses).map((clause) => {
    const known = revisions.get(clause.id);
    return {
      id: clause.id,
      kind: clause.kind,
      level: clause.level,
      number: clause.number,
      heading: headingOf(clause),
      excerpt: excerptOf(clause.body),
      openThreads: threads.get(clause.id) ?? 0,
      changes: Math.max((known?.count ?? 1) - 1, 0),
      lastChangedAt: known && known.count > 1 ? known.at : null,
    };
  });
  const { participants, adoption } = await tableOf(ctx, draft);
  const { version } = round;
  const kept = { userId, charterId: charter.id, removedAt: null };
  return {
    head: { ...head, title: text.title || head.title },
    purpose: charter.purpose,
    policy: policySentences(charter.policy),
    deadline: round.deadline,
    closedAt: round.closedAt,
    closedReason: round.closedReason,
    clauses,
    openThreads: [...threads.values()].reduce((sum, count) => sum + count, 0),
    participants,
    invitations: head.may["invite-organization"] ? await invitationsOf(ctx, charter.id) : [],
    version: version
      ? {
          id: version.id,
          number: version.number,
          sha256Hex: version.sha256Hex,
          isUnopened: version.state === "ADOPTED",
        }
      : null,
    adoption,
    keptTexts: await ctx.db.privateDraft.findMany({
      where: kept,
      orderBy: { createdAt: "desc" },
      select: { id: true, clauseId: true, text: true, reason: true, createdAt: true },
    }),
  };
}

/** The organizations at the table with their positions, and what the rule makes of them. */
async function tableOf(ctx: Context, { charter, round }: LoadedDraft) {
  const positions = await latestPositions(ctx.db, round.id);
  const byOrganization = new Map(positions.map((one) => [one.organizationId, one]));
  const opened = await ctx.db.policyAcknowledgement.findMany({
    where: { charterId: charter.id },
    distinct: ["organizationId"],
    select: { organizationId: true },
  });
  const textSha256Hex = round.version?.textSha256Hex ?? "";
  const participants = charter.participants.map((one): DashboardParticipant => {
    const position = byOrganization.get(one.organizationId);
    return {
      organizationId: one.organizationId,
      name: one.name,
      country: countryName(one.country),
      isConvenor: one.organizationId === charter.convenorOrganizationId,
      isDepositary: one.organizationId === charter.depositaryOrganizationId,
      isEditor: one.isEditor,
      hasOpened: opened.some((seen) => seen.organizationId === one.organizationId),
      position: position?.value ?? null,
      // In a round that was closed positions are what they were: nobody will be asked again.
      isStale: round.state !== "ABANDONED" && position !== undefined && position.textSha256Hex !== textSha256Hex,
    };
  });
  if (!round.version) return { participants, adoption: null };
  const { adopted, missing, standing } = evaluateAdoption({
    rule: charter.policy.adoptionRule,
    textSha256Hex,
    participants: charter.participants,
    positions,
    isAskedAgain: round.version.askedAgainAt !== null,
  });
  return { participants, adoption: { adopted, missing, stale: standing.STALE.length } };
}

async function invitationsOf(ctx: Context, charterId: string): Promise<DashboardInvitation[]> {
  const rows = await ctx.db.charterInvitation.findMany({
    where: { charterId },
    orderBy: { createdAt: "desc" },
    select: {
      id: true,
      legalName: true,
      email: true,
      domain: true,
      isEditor: true,
      createdAt: true,
      expiresAt: true,
      answer: true,
    },
  });
  return rows.map(({ answer, expiresAt, ...row }) => ({
    ...row,
    state:
      answer === "accepted" || answer === "declined" || answer === "revoked"
        ? answer
        : expiresAt <= ctx.now
          ? "expired"
          : "open",
  }));
}

async function openThreadCounts(ctx: Context, charterId: string): Promise<Map<string, number>> {
  const rows = await ctx.db.thread.groupBy({ by: ["clauseId"], where: { charterId, resolvedAt: null }, _count: true });
  return new Map(rows.map((row) => [row.clauseId, row._count]));
}

async function revisionCounts(
  ctx: Context,
  charterId: string,
): Promise<Map<string, { count: number; at: Date | null }>> {
  const rows = await ctx.db.clauseRevision.groupBy({
    by: ["clauseId"],
    where: { charterId },
    _count: true,
    _max: { createdAt: true },
  });
  return new Map(rows.map((row) => [row.clauseId, { count: row._count, at: row._max.createdAt }]));
}
