import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { CanonicalVersion } from "./canonical-version.ts";
import { parseCheckpoint } from "./checkpoint.ts";
import { Entry, LogIndex, parseEntry } from "./entry.ts";
import { Evidence } from "./evidence.ts";
import { encodeBase64 } from "./hash.ts";
import { encodeJcs, parseJcs } from "./jcs.ts";
import { consistencyProof, inclusionProof } from "./merkle.ts";
import { parseStatement } from "./statement.ts";
import { formatTlogProof } from "./tlog-proof.ts";

/** The largest receipt in bytes: a version of 1 MiB, escaped, with everything beside it. */
export const receiptBytesMax = 4_194_304;

/** An entry of the log and the C2SP tlog-proof that it stands there. All proofs of a receipt carry the same checkpoint. */
const Logged = z.strictObject({ entry: Entry, proof: z.string().max(70_000) });

/**
 * What a signatory takes home: everything that the verifier needs, and nothing that the network must add.
 *
 * `log` is the key of the log as the keeper states it; a reader's policy overrules it. `consistency` proves that the log
 * which the officer's browser saw while signing is the beginning of this one (base64 hashes; empty if it was empty then
 * or is the same). `key` is the enrolment of the signing key, null in classes B and C. `later` are entries that changed
 * what the act means, in order. `texts` are the words of reservations and of the declaration, whose hashes were signed;
 * one that is missing is withheld. `officer` opens the commitment; null once the person's data were erased.
 */
export const Receipt = z.strictObject({
  type: z.literal("concordat/receipt/v1"),
  log: z.string().max(400),
  version: CanonicalVersion,
  statement: z.string().max(16_384),
  evidence: Evidence,
  act: Logged,
  key: Logged.nullable(),
  later: z.array(Logged).max(100),
  texts: z.array(z.string().max(20_000)).max(65),
  consistency: z.array(z.string().length(44)).max(64),
  officer: z.strictObject({ name: z.string().min(1).max(200), salt: z.string().length(44) }).nullable(),
});
export type Receipt = z.infer<typeof Receipt>;

/** What a receipt is made from. `leaves` are the leaf hashes of the whole log up to the checkpoint's size. */
export type ReceiptParts = {
  readonly vkey: string;
  readonly checkpoint: string;
  readonly leaves: readonly Uint8Array[];
  readonly version: Uint8Array;
  readonly statement: string;
  readonly evidence: Evidence;
  readonly act: LoggedBytes;
  readonly key: LoggedBytes | null;
  readonly later: readonly LoggedBytes[];
  readonly texts: readonly string[];
  readonly officer: { readonly name: string; readonly salt: Uint8Array } | null;
};

/** An entry's bytes as they stand in the log, and where. */
export type LoggedBytes = { readonly index: number; readonly bytes: Uint8Array };

/**
 * Makes the bytes of `receipt.json`. It proves nothing by itself; whoever hands it out should `verifyReceipt` it first.
 *
 * @throws {Refusal} malformed, too-large.
 * @throws {RangeError} if an index is not in `leaves`, or the checkpoint's size is not their number: a caller's bug.
 */
export function buildReceipt(parts: ReceiptParts): Uint8Array {
  const { size } = parseCheckpoint(parts.checkpoint);
  if (size !== parts.leaves.length) throw new RangeError("The leaves are not those of the checkpoint.");
  const logged = ({ index, bytes }: LoggedBytes): z.infer<typeof Logged> => {
    const hashes = inclusionProof(index, parts.leaves);
    return { entry: parseEntry(bytes), proof: formatTlogProof({ index, hashes, checkpoint: parts.checkpoint }) };
  };
  const seen = LogIndex.parse(parseStatement(parts.statement).log.size);
  const receipt = {
    type: "concordat/receipt/v1",
    log: parts.vkey,
    version: parseJcs(parts.version),
    statement: parts.statement,
    evidence: parts.evidence,
    act: logged(parts.act),
    key: parts.key && logged(parts.key),
    later: parts.later.map(logged),
    texts: parts.texts,
    consistency: seen === 0 ? [] : consistencyProof(seen, parts.leaves).map(encodeBase64),
    officer: parts.officer && { name: parts.officer.name, salt: encodeBase64(parts.officer.salt) },
  };
  const bytes = encodeJcs(receipt);
  parseReceipt(bytes);
  return bytes;
}

/**
 * Reads a receipt without judging it: only that it is one, in its canonical bytes.
 *
 * @throws {Refusal} malformed, too-large.
 */
export function parseReceipt(bytes: Uint8Array): Receipt {
  if (bytes.length > receiptBytesMax) throw new Refusal("too-large", `A receipt has at most ${receiptBytesMax} bytes.`);
  try {
    return Receipt.parse(parseJcs(bytes));
  } catch (cause) {
    throw new Refusal("malformed", "This is not a receipt of version 1.", { cause });
  }
}
