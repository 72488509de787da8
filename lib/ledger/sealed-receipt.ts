import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { CanonicalVersion } from "./canonical-version.ts";
import { Evidence } from "./evidence.ts";
import { encodeJcs, parseJcs } from "./jcs.ts";
import { receiptBytesMax } from "./receipt.ts";

/**
 * What a signatory keeps while its act is not in the log: what was signed, and the keeper's countersigned promise that it will
 * be. `promise` is null for a signature that was pulled out, which is kept as evidence of just that. Source: FORMAT.md part 6.
 */
export const SealedReceipt = z.strictObject({
  type: z.literal("concordat/sealed-receipt/v1"),
  log: z.string().max(400),
  keeper: z.string().max(400),
  version: CanonicalVersion,
  statement: z.string().max(16_384),
  evidence: Evidence,
  promise: z.string().max(4_096).nullable(),
  officer: z.strictObject({ name: z.string().min(1).max(200), salt: z.string().length(44) }).nullable(),
});
export type SealedReceipt = z.infer<typeof SealedReceipt>;

/**
 * The bytes of `sealed-receipt.json`.
 *
 * @throws {Refusal} malformed.
 */
export function buildSealedReceipt(
  parts: Omit<SealedReceipt, "type" | "version"> & { readonly version: Uint8Array },
): Uint8Array {
  const { version, ...rest } = parts;
  const bytes = encodeJcs({ ...rest, type: "concordat/sealed-receipt/v1", version: parseJcs(version) });
  parseSealedReceipt(bytes);
  return bytes;
}

/**
 * Reads a sealed receipt without judging it.
 *
 * @throws {Refusal} malformed, too-large.
 */
export function parseSealedReceipt(bytes: Uint8Array): SealedReceipt {
  if (bytes.length > receiptBytesMax) throw new Refusal("too-large", `A receipt has at most ${receiptBytesMax} bytes.`);
  try {
    return SealedReceipt.parse(parseJcs(bytes));
  } catch (cause) {
    throw new Refusal("malformed", "This is not a sealed receipt of version 1.", { cause });
  }
}
