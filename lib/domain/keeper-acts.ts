import { z } from "zod";
import { ActOrganization, Hash, Instant } from "./act-fields.ts";
import { RowId } from "./ids.ts";

/**
 * What the keepers of the record say about a signature that stands, or about the text of a version. No officer signs a
 * statement for these: `by` tells whose word they are, and verifiers say it again.
 */
const AboutSignature = {
  /** The organization as it stood when it signed. */
  organization: ActOrganization,
  versionSha256: Hash,
  signActId: z.uuid(),
  by: z.enum(["organization", "depositary", "operator"]),
  reason: z.string(),
  at: Instant,
};

/** A correction of a version's text: `correctedSha256` is the hash of the corrected copy, `clausesSha256` that of its clause list. */
const AboutText = {
  versionSha256: Hash,
  number: z.int(),
  correctionId: z.uuid(),
  correctedSha256: Hash,
  clausesSha256: Hash,
  reason: z.string(),
  at: Instant,
};

export const keeperPayloads = [
  /** Somebody says that the organization did not mean to sign, or that its officer was not entitled to. */
  z.strictObject({ kind: z.literal("dispute"), ...AboutSignature }),
  /** The dispute was looked into, and the signature stands. */
  z.strictObject({ kind: z.literal("dispute-settled"), ...AboutSignature }),
  /** Entered in error, void from the start: off the list and the counts from this act on, which stays with its notification. */
  z.strictObject({ kind: z.literal("void"), ...AboutSignature }),
  /** It ended without notice of withdrawal, such as with an organization that ended and has no successor here. */
  z.strictObject({ kind: z.literal("lapse"), ...AboutSignature }),
  /** Another organization carries the signature on. */
  z.strictObject({
    kind: z.literal("succession"),
    ...AboutSignature,
    successorId: z.uuid(),
    successorName: z.string(),
  }),
  /** The organization is called otherwise now; `organization` is how it is called since. */
  z.strictObject({ kind: z.literal("rename"), ...AboutSignature, formerName: z.string() }),
  z.strictObject({ kind: z.literal("propose-correction"), ...AboutText, objectsUntil: Instant }),
  /**
   * The correction falls: a signatory objected, or, with `takenBack`, whoever proposed it took it back. `proposedBy` names who had proposed
   * it where that is another: it kept the charter no more, and a keeper of now took it back.
   */
  z.strictObject({
    kind: z.literal("object-correction"),
    ...AboutText,
    organization: ActOrganization,
    takenBack: z.literal(true).optional(),
    proposedBy: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal("correct"), ...AboutText }),
  /** A clause is published no longer; its hash stays. */
  z.strictObject({
    kind: z.literal("redact"),
    versionSha256: Hash,
    number: z.int(),
    clauseId: z.string(),
    clauseNumber: z.string(),
    clauseSha256: Hash,
    reason: z.string(),
    at: Instant,
  }),
] as const;

/** The kinds that are about one signature, in the order of the list above. */
export const signatureActKinds = ["dispute", "dispute-settled", "void", "lapse", "succession", "rename"] as const;

/** The kinds that are about the text of a version. */
export const textActKinds = ["propose-correction", "object-correction", "correct", "redact"] as const;

/** What is asked for: which signature, and the reason that will be published. */
export const SayOfSignature = z.strictObject({ signActId: RowId, reason: z.string() });
export type SayOfSignature = z.infer<typeof SayOfSignature>;
