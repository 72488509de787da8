import type { Context } from "#lib/data/context.ts";
import type { Db } from "#lib/data/store.ts";
import { type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { type ParsedVersion, parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
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
  return { charter, version, parsed, clauses: numbered(parsed.text.clauses) };
}

/** The parsed text of a version; believed only after its bytes gave the hash that names it. */
export async function loadVersionText(
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
