import { z } from "zod";
import { ClauseId, Slug } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { KeyEvidence } from "./evidence.ts";
import { Count, Domain, HashHex, Instant, Line, Lines, Origin, Uuid } from "./fields.ts";
import { encodeJcs, parseJcs } from "./jcs.ts";

/**
 * What the public log holds: one strict object an entry, as JCS bytes. No entry names a person: officers appear as
 * title and commitment. Longer texts live at `/log/blob/<sha256>` and only their hashes stand here.
 */

/** The largest entry in bytes. */
export const entryBytesMax = 4096;

const v1 = z.literal(1);
const Version = z.int().min(1).max(1_000_000);
const ActNumber = z.int().min(1).max(1_000_000_000);
const Country = z.string().regex(/^[A-Z]{2}$/);
const OrganizationClass = z.string().regex(/^[a-z]+(?:-[a-z]+)*$/);
const Vkey = z.string().regex(/^\S{1,400}$/);

/** The first entry of every log: which log it is and which key signs it. */
const Genesis = z.strictObject({ type: z.literal("log.genesis"), v: v1, origin: Origin, vkey: Vkey, at: Instant });

/** A key of the log itself comes or goes. `use`: `log` signs checkpoints, `keeper` countersigns what is received. */
const LogKey = z.strictObject({
  type: z.literal("log.key"),
  v: v1,
  action: z.enum(["added", "retired"]),
  use: z.enum(["log", "keeper"]),
  vkey: Vkey,
  at: Instant,
});

/** An organization is verified, renamed, or followed by a successor. */
const Organization = z.strictObject({
  type: z.literal("org"),
  v: v1,
  action: z.enum(["verified", "renamed", "succeeded", "ceased"]),
  organizationId: Uuid,
  legalName: Line,
  displayName: Line,
  country: Country.nullable(),
  class: OrganizationClass,
  sector: Line.nullable(),
  domain: Domain,
  domainProof: z.enum(["dns", "well-known", "operator"]),
  successorId: Uuid.nullable(),
  by: z.enum(["organization", "depositary", "operator"]),
  at: Instant,
});

/**
 * An organization says that only its keys count (`keys-only`): from here on a signature in its name by a code or on paper is
 * none. One of its keys takes that back (`all-evidence`): the approval by `approvedBy` stands before this entry.
 */
const EvidenceRule = z
  .strictObject({
    type: z.literal("org"),
    v: v1,
    action: z.enum(["keys-only", "all-evidence"]),
    organizationId: Uuid,
    approvedBy: HashHex.nullable(),
    at: Instant,
  })
  .refine(({ action, approvedBy }) => (action === "all-evidence") === (approvedBy !== null));

/**
 * A key of an organization signed a statement about its keys (`verifyKeyStatement`). The statement and its evidence stand here whole,
 * so that nobody has to believe the keeper that a later key was approved.
 */
const Approval = z.strictObject({
  type: z.literal("approval"),
  v: v1,
  organizationId: Uuid,
  statement: z.string().max(2048),
  evidence: KeyEvidence,
  at: Instant,
});

/**
 * A signing key of an organization is enrolled, bound anew, or revoked. `key` is SHA-256 of `spki`; `algorithm` is COSE's (-7 ES256,
 * -8 Ed25519); `rpId` and `origin` are null for a key that is no passkey. `boundBy` says who vouches that the key is the
 * organization's: its own DNS or well-known file, an enrolled key (`approvedBy`, whose approval stands before), or only the
 * operator's word. `evidenceSha256` names what was seen there.
 */
const Key = z.strictObject({
  type: z.literal("key"),
  v: v1,
  action: z.enum(["enrolled", "bound", "revoked"]),
  organizationId: Uuid,
  key: HashHex,
  spki: z.base64().max(400),
  algorithm: z.union([z.literal(-7), z.literal(-8)]),
  rpId: Domain.nullable(),
  origin: z.url().max(300).nullable(),
  boundBy: z.enum(["dns", "well-known", "key", "operator"]),
  approvedBy: HashHex.nullable(),
  evidenceSha256: HashHex.nullable(),
  at: Instant,
});

const correctionActions: ReadonlySet<string> = new Set(["correction-proposed", "correction-refused", "corrected"]);

/**
 * A version changes its state, or something is said about its text. `clausesSha256` is `clauseListHash`; the list itself lies at
 * `/log/blob/<clausesSha256>`. `correctedSha256` is the hash of a corrected copy and stands exactly in the three entries about it, whose
 * `clausesSha256` is of that copy; the text that is signed stays the one of `versionSha256`.
 */
const VersionChange = z
  .strictObject({
    type: z.literal("version"),
    v: v1,
    action: z.enum([
      "created",
      "frozen",
      "adopted",
      "opened",
      "in-effect",
      "superseded",
      "closed",
      "terminated",
      "correction-proposed",
      "correction-refused",
      "corrected",
      "withheld",
    ]),
    charterId: Uuid,
    slug: Slug.nullable(),
    version: Version,
    versionSha256: HashHex,
    previous: HashHex.nullable(),
    title: Line,
    language: z.string().max(35),
    clausesSha256: HashHex,
    correctedSha256: HashHex.nullable(),
    number: ActNumber.nullable(),
    by: z.enum(["depositary", "convenor", "operator"]),
    reason: Lines.nullable(),
    at: Instant,
    publishedAt: Instant,
  })
  .refine(({ action, correctedSha256 }) => correctionActions.has(action) === (correctedSha256 !== null), {
    error: "Exactly the entries about a correction name a corrected text.",
  });

/** What an act does; the first seven are also what an officer can put a signature to. */
export const ActKind = z.enum([
  "sign",
  "withdraw",
  "revoke-withdrawal",
  "narrow-reservation",
  "reaffirm",
  "endorse-correction",
  "dispute",
  "dispute-settled",
  "void",
  "lapse",
  "succession",
  "rename",
]);
export type ActKind = z.infer<typeof ActKind>;

/** Evidence classes: A passkey, A' the organization's own key, B step-up code, C instrument received on paper. */
export const EvidenceClass = z.enum(["A", "A'", "B", "C"]);
export type EvidenceClass = z.infer<typeof EvidenceClass>;

/**
 * An act of or about a signatory, with every field that the public list prints. `number` counts the charter's acts from 1
 * at publication; `refersTo` is the number of the act that this one changes; `initial` says of a
 * signature whether it is an initial one (true) or joined later (false), and is null for other acts. `signedAt` is the server's time when the act
 * was lodged, `publishedAt` when this entry was appended; order is the log's index, never these. `effectiveAt` is when a
 * withdrawal takes effect. Fields about an officer and a statement are null for acts of the depositary or operator.
 */
const Act = z
  .strictObject({
    type: z.literal("act"),
    v: v1,
    kind: ActKind,
    number: ActNumber,
    refersTo: ActNumber.nullable(),
    initial: z.boolean().nullable(),
    by: z.enum(["organization", "depositary", "operator"]),
    charterId: Uuid,
    version: Version,
    versionSha256: HashHex,
    organizationId: Uuid,
    legalName: Line,
    displayName: Line,
    country: Country.nullable(),
    class: OrganizationClass,
    sector: Line.nullable(),
    domain: Domain,
    officerTitle: Line.nullable(),
    officerCommitment: HashHex.nullable(),
    statementSha256: HashHex.nullable(),
    evidenceClass: EvidenceClass.nullable(),
    evidenceSha256: HashHex.nullable(),
    key: HashHex.nullable(),
    signedAt: Instant.nullable(),
    publishedAt: Instant,
    reservations: z.array(z.strictObject({ clauseId: ClauseId, sha256: HashHex })).max(64),
    declarationSha256: HashHex.nullable(),
    appearanceStatement: Lines.nullable(),
    effectiveAt: Instant.nullable(),
    reason: Lines.nullable(),
  })
  .refine(({ evidenceClass, key }) => (evidenceClass === "A" || evidenceClass === "A'") === (key !== null), {
    error: "Exactly the evidence classes A and A' have a key.",
  })
  .refine(({ kind, statementSha256, evidenceClass }) => kind !== "sign" || (statementSha256 && evidenceClass), {
    error: "A signature has a statement and evidence.",
  })
  .refine(({ kind, initial }) => (kind === "sign") === (initial !== null), {
    error: "Exactly a signature is an initial or a later one.",
  });
export type ActEntry = z.infer<typeof Act>;

/** A published text is withheld, such as personal data in a clause; its hash stays. */
const Redaction = z.strictObject({
  type: z.literal("redact"),
  v: v1,
  subjectSha256: HashHex,
  charterId: Uuid.nullable(),
  clauseId: ClauseId.nullable(),
  reason: Line,
  at: Instant,
});

/** An override by the operator, shown as such. */
const OperatorAction = z.strictObject({
  type: z.literal("operator"),
  v: v1,
  action: Line,
  subject: Line,
  reason: Line,
  at: Instant,
});

export const Entry = z.discriminatedUnion("type", [
  Genesis,
  LogKey,
  z.discriminatedUnion("action", [Organization, EvidenceRule]),
  Approval,
  Key,
  VersionChange,
  Act,
  Redaction,
  OperatorAction,
]);
export type Entry = z.infer<typeof Entry>;
export type KeyEntry = z.infer<typeof Key>;

/** A position in the log, counted from 0. */
export const LogIndex = Count;

/**
 * The bytes of an entry, whose `leafHash` enters the tree. Call it when an act is lodged, not only when it is published:
 * an entry that turns out too large at the instant of a launch would hold up the launch.
 *
 * @throws {Refusal} malformed, too-large.
 */
export function encodeEntry(entry: Entry): Uint8Array {
  const parsed = Entry.safeParse(entry);
  if (!parsed.success) throw new Refusal("malformed", `This cannot enter the log: ${z.prettifyError(parsed.error)}`);
  const bytes = encodeJcs(parsed.data);
  if (bytes.length <= entryBytesMax) return bytes;
  throw new Refusal("too-large", `A log entry may have ${entryBytesMax} bytes; this one has ${bytes.length}.`);
}

/**
 * Reads an entry back from its exact bytes.
 *
 * @throws {Refusal} malformed, too-large.
 */
export function parseEntry(bytes: Uint8Array): Entry {
  const known = parsedEntries.get(bytes);
  if (known) return known;
  const entry = parse(bytes);
  parsedEntries.set(bytes, entry);
  return entry;
}

/** Whoever checks a log reads each entry for its order, for the list and for its signature: it is parsed once. */
const parsedEntries = new WeakMap<Uint8Array, Entry>();

function parse(bytes: Uint8Array): Entry {
  if (bytes.length > entryBytesMax) throw new Refusal("too-large", `A log entry may have ${entryBytesMax} bytes.`);
  try {
    return Entry.parse(parseJcs(bytes));
  } catch (cause) {
    throw new Refusal("malformed", "This is not a log entry of version 1.", { cause });
  }
}
