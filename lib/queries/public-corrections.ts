import type { Context } from "#lib/data/context.ts";
import type { Db } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { isStanding } from "#lib/domain/signatory-list.ts";
import type { SignatoryRow } from "#lib/domain/signatory-rows.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { withholdClauses } from "#lib/ledger/withheld.ts";
import { loadPresentList } from "./public-acts.ts";
import { loadPublicCharter, notPublic, type PublicCharter, type PublicVersion } from "./public-charter.ts";
import { loadCurrentNames, rowsOf } from "./public-names.ts";
import { type CorrectionHead, loadVersionText, readCorrectionState, withoutClauses } from "./public-version.ts";

/** A correction of a version, with what it changes in the text that was signed. */
export type PublicCorrection = CorrectionHead & {
  readonly id: string;
  /** Who ended it, by an objection or by taking it back, and why; null for one that was published or is under way. */
  readonly fell: { readonly by: string; readonly reason: string } | null;
  readonly comparison: TextComparison;
  /** The organizations whose standing signatures endorsed the copy, in the order of the list. */
  readonly endorsedBy: readonly { readonly name: string; readonly slug: string | null; readonly at: Date }[];
};

/** The corrections of a public version, the newest first. */
export type PublicCorrections = {
  readonly charter: PublicCharter;
  readonly version: PublicVersion;
  readonly corrections: readonly PublicCorrection[];
};

/**
 * What was proposed and done about errors in a public version.
 *
 * @throws {Refusal} not-found.
 */
export async function loadPublicCorrections(ctx: Context, slug: string, number: number): Promise<PublicCorrections> {
  const charter = await loadPublicCharter(ctx, slug);
  const version = charter.versions.find((one) => one.number === number);
  if (!version) throw notPublic();
  const signed = await loadVersionText(ctx.db, version);
  const rows = await ctx.db.correction.findMany({
    where: { versionId: version.id },
    orderBy: [{ proposedAt: "desc" }, { id: "desc" }],
  });
  const withheld = await withheldOf(ctx.db, version.id);
  const falls = await fallsOf(ctx.db, version.id);
  const list = rowsOf(await loadPresentList(ctx.db, charter.id, ctx.now), await loadCurrentNames(ctx.db, charter.id));
  return {
    charter,
    version,
    corrections: rows.map((row) => ({
      id: row.id,
      fell: falls.get(row.id) ?? null,
      state: readCorrectionState(row.state),
      sha256Hex: encodeHex(row.sha256),
      reason: row.reason,
      proposedAt: row.proposedAt,
      objectsUntil: row.objectsUntil,
      decidedAt: row.decidedAt,
      endorsedBy: endorsersOf(list, encodeHex(row.sha256)),
      comparison: compareTexts(signed.text, withoutClauses(parseCanonicalVersion(row.canonical), withheld).text),
    })),
  };
}

/** By the id of a correction: who ended it, and why. */
async function fallsOf(db: Db, versionId: string): Promise<Map<string, { by: string; reason: string }>> {
  const acts = await db.act.findMany({ where: { versionId, kind: "object-correction" }, select: { payload: true } });
  return new Map(
    acts.flatMap(({ payload }): [string, { by: string; reason: string }][] => {
      const act = ActPayload.parse(payload);
      if (act.kind !== "object-correction") return [];
      return [[act.correctionId, { by: act.organization.legalName, reason: act.reason }]];
    }),
  );
}

function endorsersOf(rows: readonly SignatoryRow[], sha256Hex: string): PublicCorrection["endorsedBy"] {
  return rows.flatMap(({ name, slug, periods }) =>
    periods
      .filter(isStanding)
      .flatMap((period) => period.endorsed.filter(({ sha256 }) => sha256 === sha256Hex))
      .map(({ at }) => ({ name, slug, at })),
  );
}

/** The bytes of every corrected copy that the log names, each once, with the number of its version. */
export async function loadCorrectedTexts(
  db: Db,
  charterId: string,
): Promise<{ readonly number: number; readonly sha256Hex: string; readonly bytes: Uint8Array }[]> {
  const rows = await db.correction.findMany({
    where: { charterId },
    orderBy: { proposedAt: "asc" },
    select: { versionId: true, sha256: true, canonical: true },
  });
  const versions = await db.charterVersion.findMany({
    where: { id: { in: rows.map((row) => row.versionId) } },
    select: { id: true, number: true },
  });
  const numbers = new Map(versions.map((version) => [version.id, version.number]));
  // What was refused may be proposed again, word for word.
  const distinct = new Map(rows.map((row) => [`${row.versionId} ${encodeHex(row.sha256)}`, row]));
  return Promise.all(
    [...distinct.values()].map(async (row) => ({
      number: numbers.get(row.versionId) ?? 0,
      sha256Hex: encodeHex(row.sha256),
      bytes: await publicBytes(db, row),
    })),
  );
}

/** The bytes of a corrected copy as the public may read them. */
export async function publicBytes(
  db: Db,
  { versionId, canonical }: { readonly versionId: string; readonly canonical: Uint8Array },
): Promise<Uint8Array> {
  const withheld = await withheldOf(db, versionId);
  return withheld.size === 0 ? canonical : withholdClauses(parseCanonicalVersion(canonical), withheld);
}

async function withheldOf(db: Db, versionId: string): Promise<ReadonlySet<string>> {
  const rows = await db.redaction.findMany({ where: { versionId }, select: { clauseId: true } });
  return new Set(rows.map((row) => row.clauseId));
}
