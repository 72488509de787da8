import { z } from "zod";
import { Block, type CharterText, type Clause, ClauseKind, numbered } from "#lib/domain/charter-text.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { formatViolation, textViolations } from "./character-rules.ts";
import { HashHex, Line, Uuid } from "./fields.ts";
import { sha256Hex } from "./hash.ts";
import { encodeJcs, formatJcs, parseJcs } from "./jcs.ts";

/** The largest canonical version in bytes. */
export const versionBytesMax = 1_048_576;

/** One clause of a canonical version; its JCS bytes are what the hash of a clause is of. */
export const CanonicalClause = z.strictObject({
  id: ClauseId,
  kind: ClauseKind,
  number: z.string(),
  heading: z.string(),
  body: z.array(Block),
});

/** The object whose JCS bytes are hashed and signed. Source: FORMAT.md part 2. */
export const CanonicalVersion = z.strictObject({
  type: z.literal("concordat/charter-version/v1"),
  charter: Uuid,
  version: z.int().min(1).max(1_000_000),
  previous: HashHex.nullable(),
  title: Line,
  language: z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/),
  clauses: z.array(CanonicalClause),
});
export type CanonicalVersion = z.infer<typeof CanonicalVersion>;

/** Where a text stands: `previous` is the hex hash of the version before it, null for the first. */
export type VersionPlace = {
  readonly charterId: string;
  readonly version: number;
  readonly previous: string | null;
};

/** SHA-256 of one clause's JCS form, by which "clause 4 is unchanged" can be shown without its text. */
export type ClauseHash = { readonly id: string; readonly number: string; readonly sha256: string };

/** A version ready to be hashed and signed: `hashHex` is SHA-256 of `bytes`. */
export type FrozenVersion = {
  readonly canonical: CanonicalVersion;
  readonly bytes: Uint8Array;
  readonly hashHex: string;
  readonly clauseHashes: readonly ClauseHash[];
};

/**
 * The canonical form of a charter text. The server calls it at freeze on the durable draft, the browser on what its
 * editor shows; the two must agree to the byte.
 *
 * @throws {Refusal} malformed (names each refused character with its place), too-large.
 */
export function canonicalVersion(text: CharterText, place: VersionPlace): FrozenVersion {
  const violations = textViolations(text);
  if (violations.length > 0) throw new Refusal("malformed", violations.map(formatViolation).join("\n"));
  const canonical = {
    type: "concordat/charter-version/v1",
    charter: place.charterId,
    version: place.version,
    previous: place.previous,
    title: text.title,
    language: text.language,
    clauses: numbered(text.clauses).map(({ id, kind, number, heading, body }) => ({ id, kind, number, heading, body })),
  };
  const parsed = CanonicalVersion.safeParse(canonical);
  if (!parsed.success) throw new Refusal("malformed", `This text cannot be frozen: ${z.prettifyError(parsed.error)}`);
  requireDistinctClauses(parsed.data);
  const bytes = encodeJcs(parsed.data);
  requireSize(bytes);
  return {
    canonical: parsed.data,
    bytes,
    hashHex: sha256Hex(bytes),
    clauseHashes: parsed.data.clauses.map((clause) => ({
      id: clause.id,
      number: clause.number,
      sha256: sha256Hex(encodeJcs(clause)),
    })),
  };
}

/** A canonical version read back: `canonicalVersion(text, place)` gives the same bytes again. */
export type ParsedVersion = FrozenVersion & { readonly text: CharterText; readonly place: VersionPlace };

/**
 * Reads canonical bytes back into the text of the editor, believing nothing: the bytes must be exactly what
 * `canonicalVersion` would write for that text, numbers and character rules included.
 *
 * @throws {Refusal} malformed, too-large.
 */
export function parseCanonicalVersion(bytes: Uint8Array): ParsedVersion {
  requireSize(bytes);
  let value: unknown;
  try {
    value = parseJcs(bytes);
  } catch (cause) {
    throw new Refusal("malformed", "These bytes are not a canonical charter version.", { cause });
  }
  const parsed = CanonicalVersion.safeParse(value);
  if (!parsed.success) throw new Refusal("malformed", "These bytes are not a canonical charter version.");
  const { charter, version, previous, title, language, clauses } = parsed.data;
  const text: CharterText = { title, language, clauses: withLevels(clauses) };
  const place: VersionPlace = { charterId: charter, version, previous };
  const again = canonicalVersion(text, place);
  if (formatJcs(again.canonical) !== formatJcs(parsed.data)) {
    throw new Refusal("malformed", "The clauses of this charter version are not numbered as they stand.");
  }
  return { ...again, text, place };
}

/** SHA-256 in hex of the JCS list of clause hashes; the freeze entry of the log carries it. */
export function clauseListHash(clauseHashes: readonly ClauseHash[]): string {
  return sha256Hex(encodeJcs(clauseHashes));
}

/** A clause's level is the depth of its number below the container it stands in; without a container, the whole depth. */
function withLevels(clauses: readonly z.infer<typeof CanonicalClause>[]): Clause[] {
  let prefixDepth = 0;
  return clauses.map(({ id, kind, number, heading, body }) => {
    if (kind === "section" || kind === "final" || kind === "annex") prefixDepth = 1;
    const isCounted = kind === "clause" || kind === "definition";
    const level = isCounted ? Math.min(Math.max(number.split(".").length - prefixDepth, 1), 3) : 0;
    return { id, kind, level, heading, body };
  });
}

function requireDistinctClauses(version: CanonicalVersion): void {
  const ids = new Set<string>();
  for (const clause of version.clauses) {
    if (ids.has(clause.id)) throw new Refusal("malformed", `Two clauses have the id ${clause.id}.`);
    ids.add(clause.id);
  }
}

function requireSize(bytes: Uint8Array): void {
  if (bytes.length <= versionBytesMax) return;
  throw new Refusal("too-large", `A charter text may have ${versionBytesMax} bytes; this one has ${bytes.length}.`);
}
