import { z } from "zod";
import { ActPayload } from "#lib/domain/acts.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { countSignatories, everySignature, type PublicAct, signatoriesAsOf } from "#lib/domain/signatory-list.ts";
import { signatoryRows } from "#lib/domain/signatory-rows.ts";
import type { ActEntry, Entry } from "./entry.ts";
import { Evidence, evidenceHash } from "./evidence.ts";
import { Count, Instant, Uuid } from "./fields.ts";
import { decodeUtf8, encodeUtf8, isEqualBytes, sha256Hex } from "./hash.ts";
import { formatJcs, parseJcs } from "./jcs.ts";
import { reservationHashes, textHash } from "./statement.ts";
import { type LoggedText, readWithheld } from "./withheld.ts";

/**
 * `export.json` of an export (FORMAT.md part 10): what the list of signatories needs and the log does not hold. `names`
 * are the present names of organizations, `acts` the ids of acts and the words of their declarations, by act number.
 */
export const CharterExport = z.strictObject({
  type: z.enum(["concordat/export/v1", "concordat/export/v2"]),
  charter: Uuid,
  slug: z.string(),
  asOf: Instant,
  names: z.array(z.strictObject({ id: Uuid, slug: z.string().nullable(), displayName: z.string() })),
  acts: z.array(
    z.strictObject({
      number: Count,
      actId: Uuid,
      declaration: z.string(),
      reservations: z.array(z.string()).optional(),
    }),
  ),
});
export type CharterExport = z.infer<typeof CharterExport>;

/** The files of an export by name. */
export type ExportFiles = ReadonlyMap<string, Uint8Array>;

/** Stands in the log for the domain of an organization that has confirmed none. */
const unconfirmedDomain = "unconfirmed.invalid";

/**
 * Checks an export against the entries of its log and rebuilds from them the list of signatories, as the exact bytes of
 * `signatories.json`. The entries are believed here: whoever calls has checked them against a checkpoint.
 *
 * @throws {Refusal} malformed, evidence-invalid; the sentence names the file or the act.
 */
export function rebuildSignatories(files: ExportFiles, log: readonly Entry[]): Uint8Array {
  const rebuilt = listSignatories(files, log);
  if (isEqualBytes(rebuilt, fileOf(files, "signatories.json"))) return rebuilt;
  throw invalid("signatories.json is not the list that follows from the log.");
}

/** The bytes of `signatories.json` that follow from the rest of an export. */
export function listSignatories(files: ExportFiles, log: readonly Entry[]): Uint8Array {
  const about = readAbout(files);
  const own = log.filter((entry) => "charterId" in entry && entry.charterId === about.charter);
  for (const entry of own) if (entry.type === "version") requireText(files, entry, log);
  const acts = own.filter((entry) => entry.type === "act");
  for (const entry of acts) requireSigned(files, entry);
  const listOf = about.type === "concordat/export/v1" ? everySignature : signatoriesAsOf;
  const list = listOf(actsOf(acts, about, successorsIn(log)), new Date(about.asOf));
  const rows = signatoryRows(list, new Map(about.names.map((name) => [name.id, name])));
  const answer = signatoriesAnswer({
    charter: about,
    asOf: new Date(about.asOf),
    counts: countSignatories(list),
    total: rows.length,
    matching: rows.length,
    rows,
    nextCursor: null,
  });
  return encodeUtf8(JSON.stringify(answer));
}

function readAbout(files: ExportFiles): CharterExport {
  try {
    return CharterExport.parse(parseJcs(fileOf(files, "export.json")));
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal("malformed", "Invalid: export.json is not that of an export.", { cause });
  }
}

/** Who carries on the signature that an act of succession is about: the organization that the log named last before it. */
function successorsIn(log: readonly Entry[]): ReadonlyMap<ActEntry, string | null> {
  const named = new Map<string, string | null>();
  const successors = new Map<ActEntry, string | null>();
  for (const entry of log) {
    if (entry.type === "org" && entry.action === "succeeded") named.set(entry.organizationId, entry.successorId);
    if (entry.type === "act" && entry.kind === "succession") successors.set(entry, lastOf(named, entry.organizationId));
  }
  return successors;
}

/** The successor of the successor, and so on; a circle ends where it began. */
function lastOf(named: ReadonlyMap<string, string | null>, organizationId: string): string | null {
  const seen = new Set<string>();
  let last = organizationId;
  for (let next = named.get(last); next && !seen.has(next); next = named.get(last)) {
    seen.add(next);
    last = next;
  }
  return last === organizationId ? null : last;
}

type VersionEntry = Extract<Entry, { type: "version" }>;

/** The text that an entry is about, and the corrected copy that it names: each has its hash, or says which clauses are withheld. */
function requireText(files: ExportFiles, entry: VersionEntry, log: readonly Entry[]): void {
  const { version, versionSha256, correctedSha256, clausesSha256 } = entry;
  const withheld = withheldIn(log, entry.charterId);
  if (correctedSha256 !== null) {
    const name = `texts/${version}.${correctedSha256}.json`;
    requireBytes(files, name, { sha256: correctedSha256, clausesSha256, withheld });
    return;
  }
  requireBytes(files, `texts/${version}.json`, { sha256: versionSha256, clausesSha256, withheld });
}

function requireBytes(files: ExportFiles, name: string, logged: LoggedText): void {
  const bytes = fileOf(files, name);
  if (sha256Hex(bytes) === logged.sha256) return;
  try {
    readWithheld(bytes, logged);
  } catch (cause) {
    const why = cause instanceof Refusal && cause.code === "evidence-invalid" ? `: ${cause.message}` : ".";
    throw invalid(`${name} is not the text in the log${why}`);
  }
}

/** The hashes of the clauses of a charter that the log says are withheld. */
export function withheldIn(log: readonly Entry[], charterId: string): ReadonlySet<string> {
  return new Set(
    log.flatMap((entry) => (entry.type === "redact" && entry.charterId === charterId ? [entry.subjectSha256] : [])),
  );
}

function requireSigned(files: ExportFiles, entry: ActEntry): void {
  const { number } = entry;
  // Keepers say it by their own word; who may say what is a matter of the log's rules.
  if (entry.statementSha256 === null) return;
  if (sha256Hex(fileOf(files, `acts/${number}.statement.txt`)) !== entry.statementSha256) {
    throw invalid(`acts/${number}.statement.txt is not what was signed.`);
  }
  const evidence = Evidence.safeParse(parseJcs(fileOf(files, `acts/${number}.evidence.json`)));
  if (evidence.success && evidenceHash(evidence.data) === entry.evidenceSha256) return;
  throw invalid(`acts/${number}.evidence.json is not the evidence of act ${number}.`);
}

/** The acts that the list follows from: everything that counts comes from the log, the rest is checked against it. */
function actsOf(
  entries: readonly ActEntry[],
  about: CharterExport,
  successors: ReadonlyMap<ActEntry, string | null>,
): PublicAct[] {
  const named = new Map(about.acts.map((act) => [act.number, act]));
  if (named.size !== entries.length || about.acts.length !== entries.length) {
    throw invalid("export.json does not name the acts of the log, each once.");
  }
  const idOf = (number: number | null): string => {
    const found = named.get(number ?? -1);
    if (!found) throw invalid(`export.json does not name act ${number}.`);
    return found.actId;
  };
  return entries.map((entry) => {
    const declaration = named.get(entry.number)?.declaration ?? "";
    if ((declaration === "" ? null : textHash(declaration)) !== entry.declarationSha256) {
      throw invalid(`The declaration of act ${entry.number} is not the one in the log.`);
    }
    const words = named.get(entry.number)?.reservations ?? [];
    const reservations = entry.reservations.map(({ clauseId }, at) => ({ clauseId, text: words[at] ?? "" }));
    if (formatJcs(reservationHashes(reservations)) !== formatJcs(entry.reservations)) {
      throw invalid(`The reservations of act ${entry.number} are not those in the log.`);
    }
    return {
      actId: idOf(entry.number),
      number: entry.number,
      versionNumber: entry.version,
      publishedAt: new Date(entry.publishedAt),
      payload: payloadOf(entry, { declaration, reservations, successorId: successors.get(entry) ?? null }, idOf),
    };
  });
}

type Words = {
  readonly declaration: string;
  readonly reservations: Reservation[];
  readonly successorId: string | null;
};

function payloadOf(
  entry: ActEntry,
  { declaration, reservations, successorId }: Words,
  idOf: (number: number | null) => string,
): ActPayload {
  const organization = {
    id: entry.organizationId,
    legalName: entry.legalName,
    displayName: entry.displayName,
    country: entry.country,
    class: entry.class,
    sector: entry.sector ?? "",
    domain: entry.domain === unconfirmedDomain ? null : entry.domain,
  };
  const { kind, versionSha256 } = entry;
  const signActId = entry.refersTo && idOf(entry.refersTo);
  const signed = {
    kind,
    organization,
    versionSha256,
    officerTitle: entry.officerTitle,
    officerCommitment: entry.officerCommitment,
    statementSha256: entry.statementSha256,
    evidenceClass: entry.evidenceClass,
    keySha256: entry.key,
    signedAt: entry.signedAt,
  };
  const more = {
    sign: {
      actType: entry.initial ? "SIGNATURE" : "ACCESSION",
      statementForPublication: entry.appearanceStatement ?? "",
      declaration,
      ...(reservations.length > 0 ? { reservations } : {}),
    },
    withdraw: { signActId, effectiveOn: entry.effectiveAt, reason: entry.reason ?? "" },
    "revoke-withdrawal": { signActId },
    "narrow-reservation": { signActId, reservations },
    reaffirm: { signActId },
    "endorse-correction": { signActId },
  };
  const at = entry.publishedAt;
  const said = { kind, organization, versionSha256, signActId, by: entry.by, reason: entry.reason ?? "", at };
  // Names that only notifications print are not needed for the list.
  const about = {
    dispute: {},
    "dispute-settled": {},
    void: {},
    lapse: {},
    succession: { successorId, successorName: "" },
    rename: { formerName: "" },
  };
  const payload = ActPayload.safeParse(
    isKindOf(about, kind) ? { ...said, ...about[kind] } : isKindOf(more, kind) ? { ...signed, ...more[kind] } : null,
  );
  if (payload.success) return payload.data;
  throw new Refusal("malformed", `Invalid: act ${entry.number} is of a kind that this verifier does not know.`);
}

function isKindOf<T extends object>(known: T, kind: string | keyof T): kind is keyof T {
  return Object.hasOwn(known, kind);
}

function fileOf(files: ExportFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw invalid(`the export has no ${name}.`);
  return bytes;
}

function invalid(sentence: string): Refusal {
  return new Refusal("evidence-invalid", `Invalid: ${sentence}`);
}

/** The lines of a file of entries, each as its bytes. */
export function entryLines(bytes: Uint8Array): Uint8Array[] {
  const lines = decodeUtf8(bytes).split("\n");
  if (lines.pop() !== "") throw new Refusal("malformed", "The last entry of the log is cut off.");
  return lines.map(encodeUtf8);
}
