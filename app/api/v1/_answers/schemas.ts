import { z } from "zod";
import { evidenceClasses, evidenceWords } from "#lib/domain/evidence-words.ts";
import { rowStatuses } from "#lib/domain/signatory-rows.ts";

/** The version of the answers' shape: it changes when a field changes its meaning or goes away, not when one is added. */
export const schemaVersion = 1;

const SchemaVersion = z.literal(schemaVersion);
const Instant = z.iso.datetime();
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const NextCursor = z
  .string()
  .nullable()
  .meta({ description: "Give it as `cursor` for what follows; null at the end." });

/** One version of a charter, without its text. */
export const VersionSummary = z
  .strictObject({
    number: z.int(),
    state: z.string(),
    title: z.string(),
    language: z.string(),
    sha256: Hash,
    adoptedAt: Instant.nullable(),
    openedAt: Instant.nullable(),
    effectiveAt: Instant.nullable(),
    closedAt: Instant.nullable(),
    signatories: z.int(),
    withdrawn: z.int(),
    status: z.string(),
    url: z.url(),
  })
  .meta({ id: "VersionSummary" });

export const CharterSummary = z
  .strictObject({
    slug: z.string(),
    title: z.string(),
    purpose: z.string(),
    convenor: z.string(),
    publishedAt: Instant.nullable(),
    state: z.string(),
    version: z.int(),
    sha256: Hash,
    signatories: z.int(),
    status: z.string(),
    url: z.url(),
  })
  .meta({ id: "CharterSummary" });

export const Directory = z
  .strictObject({
    schemaVersion: SchemaVersion,
    total: z.int(),
    matching: z.int(),
    charters: z.array(CharterSummary),
    nextCursor: NextCursor,
  })
  .meta({ id: "Directory" });

export const Charter = z
  .strictObject({
    schemaVersion: SchemaVersion,
    id: z.uuid(),
    slug: z.string(),
    title: z.string(),
    purpose: z.string(),
    displayType: z.string(),
    publishedAt: Instant.nullable(),
    convenor: z.string(),
    depositary: z.string(),
    policies: z.array(z.strictObject({ policy: z.string(), sentence: z.string() })),
    status: z.string(),
    currentVersion: z.int(),
    versions: z.array(VersionSummary),
    url: z.url(),
  })
  .meta({ id: "Charter" });

const Block = z.strictObject({ kind: z.enum(["p", "li"]), level: z.int().optional(), text: z.string() });

export const Version = z
  .strictObject({
    schemaVersion: SchemaVersion,
    charter: z.string(),
    version: VersionSummary,
    clauses: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        number: z.string(),
        heading: z.string(),
        body: z.array(Block),
        sha256: Hash,
      }),
    ),
    corrections: z
      .array(
        z.strictObject({
          state: z.enum(["PROPOSED", "OBJECTED", "PUBLISHED", "TAKEN_BACK"]),
          sha256: Hash,
          reason: z.string(),
          proposedAt: Instant,
          objectsUntil: Instant,
          decidedAt: Instant.nullable(),
        }),
      )
      .meta({
        description:
          "Corrected copies, oldest first; their bytes lie at `/log/blob/<sha256>`. Signatures stay on the text above.",
      }),
    withheld: z
      .array(z.string())
      .meta({ description: "Ids of clauses whose words are not published; their hashes stay." }),
    canonicalUrl: z.url().meta({ description: "The exact bytes whose SHA-256 is `version.sha256`." }),
  })
  .meta({ id: "Version" });

const Run = z.strictObject({ kind: z.enum(["same", "added", "removed"]), text: z.string() });

export const ClauseHistory = z
  .strictObject({
    schemaVersion: SchemaVersion,
    charter: z.string(),
    clauseId: z.string(),
    steps: z.array(
      z.strictObject({
        version: z.int(),
        versionSha256: Hash,
        change: z.enum(["introduced", "changed", "moved", "unchanged", "removed"]),
        number: z.string().nullable(),
        heading: z.string().nullable(),
        body: z.array(Block).nullable(),
        sha256: Hash.nullable(),
        differences: z.strictObject({ heading: z.array(Run), body: z.array(Run) }),
      }),
    ),
  })
  .meta({ id: "ClauseHistory" });

const onlyOldVoid = "`void` stands only in exports of type concordat/export/v1; a list answered here leaves it out.";

const Period = z.strictObject({
  actId: z.uuid(),
  actNumber: z.int(),
  version: z.int(),
  joined: z.enum(["initial", "later"]),
  signedAs: z.string(),
  officerTitle: z.string(),
  signedAt: Instant,
  publishedAt: Instant,
  status: z
    .enum(["effective", "withdrawing", "withdrawn", "disputed", "lapsed", "void"])
    .meta({ description: onlyOldVoid }),
  noticeAt: Instant.nullable(),
  withdrawsAt: Instant.nullable(),
  statementForPublication: z.string(),
  declaration: z.string(),
  reservations: z
    .array(z.strictObject({ clause: z.string(), text: z.string() }))
    .optional()
    .meta({ description: "The clauses it does not accept as they stand; absent for a signature of the whole text." }),
  reaffirmedAt: Instant.optional().meta({ description: "When it was last re-affirmed; absent if it never was." }),
  endorsedCorrections: z
    .array(z.strictObject({ sha256: Hash, at: Instant }))
    .optional()
    .meta({ description: "The corrected copies it endorsed; its signature stays on the text that was signed." }),
  statusSince: Instant.optional().meta({ description: "Since when it is disputed or lapsed; absent otherwise." }),
  statusBy: z.enum(["organization", "depositary", "operator"]).optional().meta({ description: "Whose word that is." }),
  statusReason: z.string().optional(),
  signedBy: z
    .string()
    .optional()
    .meta({ description: "Id of the organization that signed, where a successor carries the signature on." }),
  evidenceClass: z.enum(evidenceClasses).meta({
    description: evidenceClasses.map((one) => `${one}: ${evidenceWords[one].words}`).join("; "),
  }),
  statementSha256: Hash,
});

export const Signatories = z
  .strictObject({
    schemaVersion: SchemaVersion,
    charter: z.string(),
    asOf: Instant.meta({ description: "The instant the list stands for." }),
    counts: z.strictObject({ signatories: z.int(), withdrawn: z.int(), organizations: z.int(), matching: z.int() }),
    signatories: z.array(
      z.strictObject({
        organization: z.uuid(),
        slug: z.string().nullable(),
        name: z.string(),
        signedAs: z.string().nullable(),
        legalName: z.string(),
        country: z.string(),
        class: z.string(),
        sector: z.string(),
        domain: z.string().nullable(),
        status: z.enum([...rowStatuses, "void"]).meta({ description: onlyOldVoid }),
        joined: z.enum(["initial", "later"]),
        versions: z.array(z.int()),
        firstSignedAt: Instant,
        periods: z.array(Period),
      }),
    ),
    nextCursor: NextCursor,
  })
  .meta({ id: "Signatories" });

export const Notifications = z
  .strictObject({
    schemaVersion: SchemaVersion,
    charter: z.string(),
    total: z.int(),
    notifications: z.array(
      z.strictObject({
        actId: z.uuid(),
        actNumber: z.int(),
        notification: z.string().meta({ example: "3/2027" }),
        kind: z.string(),
        title: z.string(),
        text: z.string(),
        publishedAt: Instant,
      }),
    ),
    nextCursor: NextCursor,
  })
  .meta({ id: "Notifications" });

export const Organization = z
  .strictObject({
    schemaVersion: SchemaVersion,
    id: z.uuid(),
    slug: z.string(),
    displayName: z.string(),
    legalName: z.string(),
    country: z.string(),
    class: z.string(),
    sector: z.string(),
    website: z.string().nullable(),
    successor: z
      .strictObject({ slug: z.string().nullable(), displayName: z.string(), since: Instant })
      .nullable()
      .meta({ description: "Who stands in its place now." }),
    names: z.array(
      z.strictObject({ displayName: z.string(), legalName: z.string(), from: Instant, to: Instant.nullable() }),
    ),
    charters: z.array(z.strictObject({ slug: z.string(), title: z.string(), periods: z.array(Period) })),
  })
  .meta({ id: "Organization" });

/** How every refusal reads. Source: RFC 9457. */
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().meta({ description: "One sentence that says what was wrong." }),
    field: z.string().optional().meta({ description: "With 400: the field of the query that was wrong." }),
    id: z.uuid().optional().meta({ description: "With 500: the number under which the failure was logged." }),
  })
  .meta({ id: "Problem" });

export type Directory = z.infer<typeof Directory>;
export type Charter = z.infer<typeof Charter>;
export type VersionSummary = z.infer<typeof VersionSummary>;
export type Version = z.infer<typeof Version>;
export type ClauseHistory = z.infer<typeof ClauseHistory>;
export type Signatories = z.infer<typeof Signatories>;
export type Notifications = z.infer<typeof Notifications>;
export type Organization = z.infer<typeof Organization>;
