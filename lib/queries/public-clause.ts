import type { Context } from "#lib/data/context.ts";
import type { NumberedClause } from "#lib/domain/charter-text.ts";
import { bodyText, isSameWording, type Run, wordDifferences } from "#lib/domain/clause-diff.ts";
import { isStanding } from "#lib/domain/signatory-list.ts";
import { loadPresentList } from "./public-acts.ts";
import { loadPublicCharter, notPublic, type PublicCharter, type PublicVersion } from "./public-charter.ts";
import { loadCurrentNames } from "./public-names.ts";
import { loadVersionText } from "./public-version.ts";

/** What one version did to a clause. */
export type ClauseStep = {
  readonly version: PublicVersion;
  readonly change: "introduced" | "changed" | "moved" | "unchanged" | "removed";
  /** The clause as it stands in that version; null where it is removed. */
  readonly clause: NumberedClause | null;
  /** SHA-256 in hex of the clause's canonical form. */
  readonly sha256Hex: string | null;
  /** Word differences against the version before; empty for a first wording. */
  readonly heading: readonly Run[];
  readonly body: readonly Run[];
};

/** One clause of a charter through its public versions, oldest first. `latest` is the last version that has it. */
export type PublicClause = {
  readonly charter: PublicCharter;
  readonly clauseId: string;
  readonly latest: { readonly clause: NumberedClause; readonly version: PublicVersion; readonly sha256Hex: string };
  readonly steps: readonly ClauseStep[];
  /** The reservations that stand to it today, in the order of the signatures. */
  readonly reservations: readonly ClauseReservation[];
};

/** What one signatory does not accept of a clause. */
export type ClauseReservation = {
  readonly organizationId: string;
  readonly slug: string | null;
  readonly legalName: string;
  readonly versionNumber: number;
  readonly signedAt: Date;
  readonly text: string;
};

/**
 * A clause of a public charter with its history across the public versions.
 *
 * @throws {Refusal} not-found, also for a clause that stood only in drafts.
 */
export async function loadPublicClause(ctx: Context, slug: string, clauseId: string): Promise<PublicClause> {
  const charter = await loadPublicCharter(ctx, slug);
  const steps: ClauseStep[] = [];
  let before: NumberedClause | null = null;
  let latest: PublicClause["latest"] | null = null;
  for (const version of charter.versions) {
    const { numbered, hashes } = await clausesOf(ctx, version);
    const clause = numbered.find((one) => one.id === clauseId) ?? null;
    const sha256Hex = hashes.get(clauseId) ?? null;
    if (clause || before) steps.push(stepOf(version, before, clause, sha256Hex));
    if (clause && sha256Hex) latest = { clause, version, sha256Hex };
    before = clause;
  }
  if (!latest) throw notPublic();
  const reservations = await loadReservations(ctx, charter.id);
  return { charter, clauseId, latest, steps, reservations: reservations.get(clauseId) ?? [] };
}

/** The reservations that stand on a charter today, by clause. */
export async function loadReservations(
  ctx: Context,
  charterId: string,
): Promise<ReadonlyMap<string, readonly ClauseReservation[]>> {
  const [list, names] = await Promise.all([
    loadPresentList(ctx.db, charterId, ctx.now),
    loadCurrentNames(ctx.db, charterId),
  ]);
  const byClause = new Map<string, ClauseReservation[]>();
  for (const period of list) {
    if (period.reservations.length === 0 || !isStanding(period)) continue;
    const { organization, versionNumber, signedAt } = period;
    const about = {
      organizationId: organization.id,
      slug: names.get(organization.id)?.slug ?? null,
      legalName: organization.legalName,
      versionNumber,
      signedAt,
    };
    for (const { clauseId, text } of period.reservations) {
      byClause.set(clauseId, [...(byClause.get(clauseId) ?? []), { ...about, text }]);
    }
  }
  return byClause;
}

async function clausesOf(ctx: Context, version: PublicVersion) {
  const parsed = await loadVersionText(ctx.db, version);
  const numbers = new Map(parsed.clauseHashes.map((one) => [one.id, one.number]));
  const numbered = parsed.text.clauses.map((clause) => ({ ...clause, number: numbers.get(clause.id) ?? "" }));
  return { numbered, hashes: new Map(parsed.clauseHashes.map((one) => [one.id, one.sha256])) };
}

function stepOf(
  version: PublicVersion,
  before: NumberedClause | null,
  clause: NumberedClause | null,
  sha256Hex: string | null,
): ClauseStep {
  if (!clause) return { version, change: "removed", clause, sha256Hex, heading: [], body: [] };
  if (!before) return { version, change: "introduced", clause, sha256Hex, heading: [], body: [] };
  const isSame = isSameWording(before, clause);
  const change = !isSame ? "changed" : before.number === clause.number ? "unchanged" : "moved";
  return {
    version,
    change,
    clause,
    sha256Hex,
    heading: isSame ? [] : wordDifferences(before.heading, clause.heading),
    body: isSame ? [] : wordDifferences(bodyText(before.body), bodyText(clause.body)),
  };
}
