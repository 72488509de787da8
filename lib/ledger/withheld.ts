import { z } from "zod";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import {
  CanonicalClause,
  CanonicalVersion,
  type ClauseHash,
  clauseListHash,
  type FrozenVersion,
  parseCanonicalVersion,
} from "./canonical-version.ts";
import type { Entry } from "./entry.ts";
import { HashHex } from "./fields.ts";
import { sha256Hex } from "./hash.ts";
import { encodeJcs, parseJcs } from "./jcs.ts";

const withheldType = "concordat/withheld-version/v1";

/** A clause whose words are withheld: its place and its hash stay. */
const WithheldClause = z.strictObject({ id: ClauseId, number: z.string(), withheld: HashHex });

/** A version as it is published once clauses of it are withheld. Source: FORMAT.md part 2. */
export const WithheldVersion = CanonicalVersion.extend({
  type: z.literal(withheldType),
  clauses: z.array(z.union([CanonicalClause, WithheldClause])),
});
export type WithheldVersion = z.infer<typeof WithheldVersion>;

/** The bytes of a version without the words of some of its clauses. */
export function withholdClauses(version: FrozenVersion, clauseIds: ReadonlySet<string>): Uint8Array {
  const hashes = new Map(version.clauseHashes.map((one) => [one.id, one.sha256]));
  return encodeJcs({
    ...version.canonical,
    type: withheldType,
    clauses: version.canonical.clauses.map((clause) =>
      clauseIds.has(clause.id)
        ? { id: clause.id, number: clause.number, withheld: hashes.get(clause.id) ?? "" }
        : clause,
    ),
  });
}

/** What the log says of the text: its hash, that of the list of its clauses, and the clauses that were withheld. */
export type LoggedText = {
  readonly sha256: string;
  readonly clausesSha256: string;
  readonly withheld: ReadonlySet<string>;
};

/**
 * Reads a version of which clauses are withheld. Its own hash can not be made again; that of every other clause can, and the list of all
 * of them is the one in the log. A clause that the log does not say was withheld may not be missing.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function readWithheld(bytes: Uint8Array, logged: LoggedText): Omit<FrozenVersion, "bytes"> {
  const parsed = WithheldVersion.safeParse(parseJcs(bytes));
  if (!parsed.success)
    throw new Refusal("malformed", "This is neither a charter version nor one with clauses withheld.");
  const clauseHashes = parsed.data.clauses.map(
    (clause): ClauseHash => ({
      id: clause.id,
      number: clause.number,
      sha256: "withheld" in clause ? clause.withheld : sha256Hex(encodeJcs(clause)),
    }),
  );
  const isSame = clauseListHash(clauseHashes) === logged.clausesSha256;
  if (!isSame) throw new Refusal("evidence-invalid", "the clauses are not those in the log.");
  const gone = parsed.data.clauses.filter((clause) => "withheld" in clause);
  if (gone.some(({ withheld }) => !logged.withheld.has(withheld))) {
    throw new Refusal("evidence-invalid", "a clause is missing that the log does not say was withheld.");
  }
  const clauses = parsed.data.clauses.flatMap((clause) => ("withheld" in clause ? [] : [clause]));
  const canonical = { ...parsed.data, type: "concordat/charter-version/v1" as const, clauses };
  return { canonical, hashHex: logged.sha256, clauseHashes };
}

/** What a log says of the text of a version, or of a corrected copy of it. It is read only where a text is not whole: all of it, since clauses are withheld later. */
export function loggedText(
  log: readonly Entry[],
  charterId: string,
  version: number,
  correctedSha256: string | null = null,
): LoggedText {
  const withheld = new Set<string>();
  let known: Omit<LoggedText, "withheld"> = { sha256: "", clausesSha256: "" };
  for (const entry of log) {
    if (entry.type === "redact" && entry.charterId === charterId) withheld.add(entry.subjectSha256);
    const isText = entry.type === "version" && entry.correctedSha256 === correctedSha256;
    if (isText && entry.charterId === charterId && entry.version === version) {
      known = { sha256: correctedSha256 ?? entry.versionSha256, clausesSha256: entry.clausesSha256 };
    }
  }
  return { ...known, withheld };
}

/**
 * Reads the text of a version, whole or with clauses withheld.
 *
 * @throws {Refusal} malformed, evidence-invalid, too-large.
 */
export function readText(bytes: Uint8Array, logged: () => LoggedText): Omit<FrozenVersion, "bytes"> {
  const head = z.object({ type: z.string() }).safeParse(parseJcs(bytes));
  return head.success && head.data.type === withheldType ? readWithheld(bytes, logged()) : parseCanonicalVersion(bytes);
}

/** One sentence for each clause that an export does not show. The files were checked against the log before. */
export function withheldSentences(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].flatMap(([name, bytes]) => {
    const version = /^texts\/(\d+)\.json$/.exec(name)?.[1];
    const parsed = version === undefined ? undefined : WithheldVersion.safeParse(parseJcs(bytes));
    if (!parsed?.success) return [];
    return parsed.data.clauses.flatMap((clause) =>
      "withheld" in clause
        ? [`Clause ${clause.number || clause.id} of version ${version} is withheld; its hash stands in the log.`]
        : [],
    );
  });
}
