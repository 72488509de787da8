import { z } from "zod";
import { ActOrganization, Hash, Instant } from "./act-fields.ts";
import { keeperPayloads, signatureActKinds, textActKinds } from "./keeper-acts.ts";
import { Reservations } from "./reservation.ts";

export { ActOrganization } from "./act-fields.ts";

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

/**
 * What an act says in public, by kind. These payloads are the truth: the list of signatories, the status of a version and
 * the notifications are projections of them. No payload names a person.
 */
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
    /** Left out for a signature of the whole text. */
    reservations: Reservations.optional(),
  }),
  z.strictObject({ kind: z.literal("retract"), ...Signed }),
  z.strictObject({
    kind: z.literal("withdraw"),
    ...Signed,
    signActId: z.uuid(),
    effectiveOn: Instant,
    reason: z.string(),
  }),
  z.strictObject({
    kind: z.literal("revoke-withdrawal"),
    ...Signed,
    signActId: z.uuid(),
    reservations: Reservations.optional(),
  }),
  /** `reservations` are those that remain; none is the whole text. */
  z.strictObject({
    kind: z.literal("narrow-reservation"),
    ...Signed,
    signActId: z.uuid(),
    reservations: Reservations,
  }),
  z.strictObject({
    kind: z.literal("reaffirm"),
    ...Signed,
    signActId: z.uuid(),
    reservations: Reservations.optional(),
  }),
  /** The corrected copy that `versionSha256` names is endorsed; the signature stays on the text that was signed. */
  z.strictObject({
    kind: z.literal("endorse-correction"),
    ...Signed,
    signActId: z.uuid(),
    reservations: Reservations.optional(),
  }),
  /** The depositary found a signature with reservations in due form; private, because publication says it. */
  z.strictObject({ kind: z.literal("accept-form"), signActId: z.uuid() }),
  /** A signature that was never public goes back to its organization; private, with the reason for it. */
  z.strictObject({ kind: z.literal("return"), signActId: z.uuid(), reason: z.string() }),
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
  ...keeperPayloads,
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
  "narrow-reservation",
  "reaffirm",
  "endorse-correction",
  "effect",
  "supersede",
  "close",
  ...signatureActKinds,
  ...textActKinds,
];
