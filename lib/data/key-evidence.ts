import type { KeyAnswer } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { KeyEvidence } from "#lib/ledger/evidence.ts";
import { decodeBase64Url, encodeBase64 } from "#lib/ledger/hash.ts";

/** The row of a key as far as its evidence is made from it. */
export type KeyRow = {
  readonly kind: string;
  readonly spki: Uint8Array;
  readonly credentialId: string | null;
  readonly rpId: string | null;
  readonly origin: string | null;
};

/**
 * The evidence of an answer by that very key. It is not verified here.
 *
 * @throws {Refusal} evidence-invalid when the answer is by another key or of another kind.
 */
export function keyEvidenceOf(key: KeyRow, answer: KeyAnswer): KeyEvidence {
  const spki = encodeBase64(key.spki);
  if (answer.class === "A'") {
    if (key.kind !== "ed25519") throw otherKey();
    // Windows tools end lines otherwise; what was signed has LF alone.
    return { class: "A'", spki, note: answer.note.replaceAll("\r\n", "\n") };
  }
  const { credentialId, rpId, origin } = key;
  if (credentialId !== answer.credentialId || rpId === null || origin === null) throw otherKey();
  return {
    class: "A",
    spki,
    credentialId,
    rpId,
    origin,
    clientDataJson: toBase64(answer.clientDataJson),
    authenticatorData: toBase64(answer.authenticatorData),
    signature: toBase64(answer.signature),
  };
}

function otherKey(): Refusal {
  return new Refusal("evidence-invalid", "This is not the key that was asked for, or it was revoked.");
}

function toBase64(base64Url: string): string {
  try {
    return encodeBase64(decodeBase64Url(base64Url));
  } catch (cause) {
    throw new Refusal("evidence-invalid", "The answer of the passkey cannot be read.", { cause });
  }
}
