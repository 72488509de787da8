import { z } from "zod";

/**
 * What an act says in public, by kind. These payloads are the truth: the list of signatories, the status of a version and
 * the notifications are projections of them. No payload names a person.
 */
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Instant = z.iso.datetime();

/** An organization as it stood at the moment of its act ("signed as …"). */
export const ActOrganization = z.strictObject({
  id: z.uuid(),
  legalName: z.string(),
  displayName: z.string(),
  country: z.string().length(2),
  class: z.string(),
  sector: z.string(),
  domain: z.string().nullable(),
});
export type ActOrganization = z.infer<typeof ActOrganization>;

const Signed = {
  organization: ActOrganization,
  versionSha256: Hash,
  officerTitle: z.string(),
  officerCommitment: Hash,
  statementSha256: Hash,
  evidenceClass: z.enum(["A", "A'", "B", "C"]),
  keySha256: Hash.nullable(),
  signedAt: Instant,
};

/** How votes of a candidate stood when the adoption rule was evaluated. */
export const AdoptionRecord = z.strictObject({
  rule: z.string(),
  outcome: z.string(),
  positions: z.array(z.strictObject({ organizationId: z.uuid(), name: z.string(), value: z.string() })),
});
export type AdoptionRecord = z.infer<typeof AdoptionRecord>;

export const ActPayload = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("freeze"), versionSha256: Hash, number: z.int() }),
  z.strictObject({ kind: z.literal("withdraw-text"), versionSha256: Hash, reason: z.string() }),
  z.strictObject({
    kind: z.literal("adopt"),
    versionSha256: Hash,
    number: z.int(),
    adoptedAt: Instant,
    adoption: AdoptionRecord,
  }),
  z.strictObject({
    kind: z.literal("open"),
    versionSha256: Hash,
    number: z.int(),
    plannedAt: Instant.nullable(),
    openedAt: Instant,
  }),
  z.strictObject({
    kind: z.literal("sign"),
    actType: z.enum(["SIGNATURE", "ACCESSION"]),
    ...Signed,
    statementForPublication: z.string(),
    declaration: z.string(),
  }),
  z.strictObject({ kind: z.literal("retract"), ...Signed }),
  z.strictObject({
    kind: z.literal("withdraw"),
    ...Signed,
    signActId: z.uuid(),
    effectiveOn: Instant,
    reason: z.string(),
  }),
  z.strictObject({ kind: z.literal("revoke-withdrawal"), ...Signed, signActId: z.uuid() }),
  z.strictObject({
    kind: z.literal("effect"),
    versionSha256: Hash,
    number: z.int(),
    effectiveAt: Instant,
    signatories: z.int(),
  }),
  z.strictObject({ kind: z.literal("supersede"), versionSha256: Hash, number: z.int(), by: z.int() }),
  z.strictObject({ kind: z.literal("close"), versionSha256: Hash, number: z.int(), reason: z.string() }),
  z.strictObject({ kind: z.literal("abandon"), reason: z.string() }),
]);
export type ActPayload = z.infer<typeof ActPayload>;
export type ActKind = ActPayload["kind"];

/** The kinds that get a public number, a notification and a log entry; the others stay with the participants. */
export const publicActKinds: readonly ActKind[] = [
  "adopt",
  "open",
  "sign",
  "withdraw",
  "revoke-withdrawal",
  "effect",
  "supersede",
  "close",
];
