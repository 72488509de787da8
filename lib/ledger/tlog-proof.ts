import { Refusal } from "#lib/domain/refusal.ts";
import { Count } from "./fields.ts";
import { decodeBase64, encodeBase64 } from "./hash.ts";

/** Where an entry stands, the hashes from it to the root, and the signed checkpoint (a note) of that root. */
export type TlogProof = { readonly index: number; readonly hashes: readonly Uint8Array[]; readonly checkpoint: string };

const header = "c2sp.org/tlog-proof@v1";

/** 2^53 entries need 53 hashes. */
const hashesMax = 63;

/** The proof as text. Source: C2SP tlog-proof; we write no `extra` line, because nothing would vouch for it. */
export function formatTlogProof({ index, hashes, checkpoint }: TlogProof): string {
  return [header, `index ${index}`, ...hashes.map(encodeBase64), "", checkpoint].join("\n");
}

/**
 * Reads a proof, strictly. Its checkpoint is not verified here.
 *
 * @throws {Refusal} malformed.
 */
export function parseTlogProof(text: string): TlogProof {
  const end = text.indexOf("\n\n");
  const [first, index = "", ...hashes] = text.slice(0, Math.max(end, 0)).split("\n");
  if (first !== header || hashes.length > hashesMax)
    throw new Refusal("malformed", "This is not a proof of inclusion.");
  try {
    const proof = {
      index: Count.parse(Number(index.slice("index ".length))),
      hashes: hashes.map(decodeBase64),
      checkpoint: text.slice(end + 2),
    };
    if (formatTlogProof(proof) === text && proof.hashes.every((hash) => hash.length === 32)) return proof;
  } catch (cause) {
    throw new Refusal("malformed", "This is not a proof of inclusion.", { cause });
  }
  throw new Refusal("malformed", "This is not a proof of inclusion.");
}
