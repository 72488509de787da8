import { z } from "zod";
import { RowId } from "./ids.ts";

/** What an officer can do by a signed statement here. */
export const LodgingAction = z.enum([
  "sign",
  "retract",
  "withdraw",
  "revoke-withdrawal",
  "narrow-reservation",
  "reaffirm",
  "endorse-correction",
]);
export type LodgingAction = z.infer<typeof LodgingAction>;

const Base64UrlText = z.string().regex(/^[A-Za-z0-9_-]{1,8000}$/);

/** What a browser answers with for a passkey, or the signed note that the own key's program wrote. */
export const KeyAnswer = z.discriminatedUnion("class", [
  z.strictObject({
    class: z.literal("A"),
    credentialId: Base64UrlText,
    clientDataJson: Base64UrlText,
    authenticatorData: Base64UrlText,
    signature: Base64UrlText,
  }),
  z.strictObject({ class: z.literal("A'"), note: z.string().max(20_000) }),
]);
export type KeyAnswer = z.infer<typeof KeyAnswer>;

/** What the officer's browser answers with: what a key signed, or the code of the mail. */
export const EvidenceInput = z.discriminatedUnion("class", [
  ...KeyAnswer.options,
  z.strictObject({ class: z.literal("B"), code: z.string().trim().max(12) }),
]);
export type EvidenceInput = z.infer<typeof EvidenceInput>;

/** What every command that lodges a statement is given. */
export const LodgeStatement = z.strictObject({ preparedId: RowId, evidence: EvidenceInput });
export type LodgeStatement = z.infer<typeof LodgeStatement>;
