import type { Context } from "#lib/data/context.ts";
import { latestPositions, type PositionRecord } from "#lib/data/draft-rounds.ts";
import { type AdoptionEvaluation, evaluateAdoption, type PositionValue } from "#lib/domain/adoption.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { type FreezeFinding, freezeFindings } from "#lib/domain/freeze-blockers.ts";
import { policySentences } from "#lib/domain/policy.ts";
import { canonicalVersion, parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { formatViolation, textViolations } from "#lib/ledger/character-rules.ts";
import { decodeHex, encodeHex } from "#lib/ledger/hash.ts";
import { textSha256 } from "#lib/ledger/text-hash.ts";
import { type DraftHead, type LoadedDraft, loadDraft } from "./draft-head.ts";
import { readDraftText } from "./draft-text.ts";
import { loadNames } from "./people-of-draft.ts";

/** The position of one organization as the table sees it. */
export type CandidatePosition = {
  readonly organizationId: string;
  readonly name: string;
  readonly value: PositionValue;
  readonly reason: string;
  readonly remedy: string;
  readonly at: Date;
  readonly person: string | null;
  /** Taken on another text: it does not count until it is taken anew. */
  readonly isStale: boolean;
  /** The person who took it no longer represents the organization; the organization is to confirm it. */
  readonly isFormerRepresentative: boolean;
};

/** The frozen text of the round. */
export type CandidateText = {
  readonly versionId: string;
  readonly number: number;
  readonly isAdopted: boolean;
  readonly sha256Hex: string;
  readonly frozenAt: Date;
  readonly adoptedAt: Date | null;
  readonly roomSeq: number;
};

/** The page on which a text is frozen, read through, and adopted. */
export type CandidateView = {
  readonly head: DraftHead;
  /** Null while nothing is frozen; the clauses are then those of the draft. */
  readonly candidate: CandidateText | null;
  readonly title: string;
  readonly clauses: readonly NumberedClause[];
  /** What stands in the way of freezing; empty once a text is frozen. */
  readonly findings: readonly FreezeFinding[];
  readonly rule: string;
  readonly positions: readonly CandidatePosition[];
  readonly evaluation: AdoptionEvaluation | null;
  readonly isAskedAgain: boolean;
  /** The position of the actor's organization, and what changed since the text it was taken on when it is stale. */
  readonly own: CandidatePosition | null;
  readonly changedSinceOwn: TextComparison | null;
};

/**
 * The candidate of a charter with its positions and the adoption rule evaluated, by name; before it is frozen, the draft
 * with what stands in the way.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function candidateView(ctx: Context, input: { charterId: string }): Promise<CandidateView> {
  const draft = await loadDraft(ctx, input.charterId);
  const { head, charter, round } = draft;
  const latest = await latestPositions(ctx.db, round.id);
  const frozen = round.version;
  const rule = policySentences(charter.policy).find((one) => one.policy === "adoptionRule")?.sentence ?? "";
  const live = frozen ? null : await draftWithFindings(ctx, draft, latest);
  const text = frozen ? parseCanonicalVersion(frozen.canonical).text : live?.text;
  if (!text) throw new Error("A draft has a text.");
  const positions = await namedPositions(ctx, draft, latest, frozen?.textSha256Hex ?? live?.textSha256Hex ?? "");
  const own = positions.find((one) => one.organizationId === head.organization.id) ?? null;
  return {
    head,
    candidate: frozen
      ? {
          versionId: frozen.id,
          number: frozen.number,
          isAdopted: frozen.state !== "CANDIDATE",
          sha256Hex: frozen.sha256Hex,
          frozenAt: frozen.frozenAt,
          adoptedAt: frozen.adoptedAt,
          roomSeq: Number(frozen.roomSeq),
        }
      : null,
    title: text.title,
    clauses: numbered(text.clauses),
    findings: live?.findings ?? [],
    rule,
    positions,
    evaluation: frozen
      ? evaluateAdoption({
          rule: charter.policy.adoptionRule,
          textSha256Hex: frozen.textSha256Hex,
          participants: charter.participants,
          positions: latest,
          isAskedAgain: frozen.askedAgainAt !== null,
        })
      : null,
    isAskedAgain: frozen?.askedAgainAt !== null && frozen !== null,
    own,
    changedSinceOwn:
      own?.isStale && frozen ? await changesSince(ctx, latest, own.organizationId, frozen.canonical) : null,
  };
}

async function draftWithFindings(ctx: Context, { charter, round }: LoadedDraft, latest: readonly PositionRecord[]) {
  const { text, undefinedReferences } = await readDraftText(ctx.db, round.room.id, charter.language);
  const violations = textViolations(text);
  const canFreeze = violations.length === 0 && text.title.trim() !== "";
  const textSha256Hex = canFreeze
    ? encodeHex(textSha256(canonicalVersion(text, { charterId: charter.id, version: 1, previous: null }).canonical))
    : null;
  const names = new Map(charter.participants.map((one) => [one.organizationId, one.name]));
  const findings = freezeFindings({
    text,
    textSha256Hex,
    undefinedReferences,
    characterProblems: violations.map((one) => ({ sentence: formatViolation(one), clauseId: one.clauseId })),
    openThreads: await ctx.db.thread.count({ where: { charterId: charter.id, resolvedAt: null } }),
    positions: latest.flatMap((position) => {
      const name = names.get(position.organizationId);
      return name === undefined ? [] : [{ ...position, name }];
    }),
  });
  return { text, textSha256Hex, findings };
}

async function namedPositions(
  ctx: Context,
  { charter }: LoadedDraft,
  latest: readonly PositionRecord[],
  textSha256Hex: string,
): Promise<CandidatePosition[]> {
  const names = await loadNames(
    ctx.db,
    latest.map((one) => one.userId),
    [],
  );
  const representatives = await ctx.db.membership.findMany({
    where: { userId: { in: latest.map((one) => one.userId) }, endedAt: null, roles: { has: "representative" } },
    select: { userId: true, organizationId: true },
  });
  return charter.participants.flatMap(({ organizationId, name }) => {
    const position = latest.find((one) => one.organizationId === organizationId);
    if (!position) return [];
    const { value, reason, remedy, at, userId } = position;
    return [
      {
        organizationId,
        name,
        value,
        reason,
        remedy,
        at,
        person: names.person(userId),
        isStale: position.textSha256Hex !== textSha256Hex,
        isFormerRepresentative: !representatives.some(
          (one) => one.userId === userId && one.organizationId === organizationId,
        ),
      },
    ];
  });
}

async function changesSince(
  ctx: Context,
  latest: readonly PositionRecord[],
  organizationId: string,
  canonical: Uint8Array,
): Promise<TextComparison | null> {
  const position = latest.find((one) => one.organizationId === organizationId);
  const earlier = position
    ? await ctx.db.charterVersion.findFirst({
        where: { id: position.versionId, textSha256: Uint8Array.from(decodeHex(position.textSha256Hex)) },
        select: { canonical: true },
      })
    : null;
  return earlier
    ? compareTexts(parseCanonicalVersion(earlier.canonical).text, parseCanonicalVersion(canonical).text)
    : null;
}
