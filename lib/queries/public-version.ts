import type { Context } from "#lib/data/context.ts";
import type { Db } from "#lib/data/store.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { isStanding, type Signatory } from "#lib/domain/signatory-list.ts";
import { type ParsedVersion, parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { withholdClauses } from "#lib/ledger/withheld.ts";
import { loadPresentList } from "./public-acts.ts";
import { loadPublicCharter, notPublic, type PublicCharter, type PublicVersion } from "./public-charter.ts";

/** How many parsed texts a process keeps. A text is named by its hash and can never change. */
const keptTextsMax = 100;
const keptTexts = new Map<string, ParsedVersion>();

/** One public version with its text. */
export type PublicVersionText = {
  readonly charter: PublicCharter;
  readonly version: PublicVersion;
  readonly parsed: ParsedVersion;
  readonly clauses: readonly NumberedClause[];
  /** What was proposed and done about errors in it, oldest first. */
  readonly corrections: readonly CorrectionHead[];
  /** The ids of clauses whose words are not published. */
  readonly withheld: readonly string[];
  /** How many signatories reserve a clause today, by its id. */
  readonly reserved: ReadonlyMap<string, number>;
};

/** Where a correction stands: signatories can still object, one did, it is published, or whoever proposed it took it back. */
export const correctionStates = ["PROPOSED", "OBJECTED", "PUBLISHED", "TAKEN_BACK"] as const;
export type CorrectionState = (typeof correctionStates)[number];

/** A correction without its text. */
export type CorrectionHead = {
  readonly state: CorrectionState;
  readonly sha256Hex: string;
  readonly reason: string;
  readonly proposedAt: Date;
  readonly objectsUntil: Date;
  readonly decidedAt: Date | null;
};

/**
 * A version of a public charter with its text; without a number, the one its page shows.
 *
 * @throws {Refusal} not-found.
 */
export async function loadPublicVersion(ctx: Context, slug: string, number?: number): Promise<PublicVersionText> {
  const charter = await loadPublicCharter(ctx, slug);
  const version = number === undefined ? charter.current : charter.versions.find((one) => one.number === number);
  if (!version) throw notPublic();
  const parsed = await loadVersionText(ctx.db, version);
  const corrections = await ctx.db.correction.findMany({
    where: { versionId: version.id },
    orderBy: { proposedAt: "asc" },
    select: { state: true, sha256: true, reason: true, proposedAt: true, objectsUntil: true, decidedAt: true },
  });
  const whole = parsed.text.clauses;
  return {
    charter,
    version,
    parsed,
    clauses: numbered(whole),
    reserved: reservedClauses(await loadPresentList(ctx.db, charter.id, ctx.now), version.number),
    corrections: corrections.map(({ sha256, state, ...row }) => ({
      ...row,
      state: readCorrectionState(state),
      sha256Hex: encodeHex(sha256),
    })),
    withheld: whole.filter((clause) => clause.body[0]?.text === withheldWords).map((clause) => clause.id),
  };
}

/** The state of a correction as the database spells it. */
export function readCorrectionState(text: string): CorrectionState {
  const state = correctionStates.find((one) => one === text);
  if (state === undefined) throw new Error(`No state of a correction: ${text}`);
  return state;
}

function reservedClauses(list: readonly Signatory[], versionNumber: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of list) {
    if (entry.versionNumber !== versionNumber || !isStanding(entry)) continue;
    for (const { clauseId } of entry.reservations) counts.set(clauseId, (counts.get(clauseId) ?? 0) + 1);
  }
  return counts;
}

/** Stands in public where the words of a clause were. */
export const withheldWords = "The words of this clause are withheld from publication. Its fingerprint stays.";

/**
 * The parsed text of a version as the public may read it; believed only after its bytes gave the hash that names it. Where clauses are
 * withheld, `bytes` are those of the version without them, and a sentence stands in the place of their words.
 */
export async function loadVersionText(
  db: Db,
  version: { readonly id: string; readonly sha256Hex: string },
): Promise<ParsedVersion> {
  const withheld = await db.redaction.findMany({ where: { versionId: version.id }, select: { clauseId: true } });
  const parsed = await loadWholeText(db, version);
  return withheld.length === 0 ? parsed : withoutClauses(parsed, new Set(withheld.map((row) => row.clauseId)));
}

/** A text with a sentence in the place of the words of some clauses; its hashes stay those of the whole. */
export function withoutClauses(parsed: ParsedVersion, clauseIds: ReadonlySet<string>): ParsedVersion {
  const hide = <C extends { readonly id: string }>(clause: C) =>
    clauseIds.has(clause.id) ? { ...clause, heading: "", body: [{ kind: "p" as const, text: withheldWords }] } : clause;
  return {
    ...parsed,
    bytes: withholdClauses(parsed, clauseIds),
    text: { ...parsed.text, clauses: parsed.text.clauses.map(hide) },
    canonical: { ...parsed.canonical, clauses: parsed.canonical.clauses.map(hide) },
  };
}

async function loadWholeText(
  db: Db,
  version: { readonly id: string; readonly sha256Hex: string },
): Promise<ParsedVersion> {
  const known = keptTexts.get(version.sha256Hex);
  if (known) return known;
  const row = await db.charterVersion.findUniqueOrThrow({ where: { id: version.id }, select: { canonical: true } });
  const parsed = parseCanonicalVersion(row.canonical);
  if (parsed.hashHex !== version.sha256Hex) {
    throw new Error(`The stored text of version ${version.id} does not give the fingerprint that was signed.`);
  }
  keptTexts.set(parsed.hashHex, parsed);
  const oldest = keptTexts.keys().next();
  if (keptTexts.size > keptTextsMax && !oldest.done) keptTexts.delete(oldest.value);
  return parsed;
}
