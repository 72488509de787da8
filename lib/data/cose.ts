import { cose, decodeCredentialPublicKey } from "@simplewebauthn/server/helpers";
import { Refusal } from "#lib/domain/refusal.ts";
import { concatBytes } from "#lib/ledger/hash.ts";
import { encodeEd25519Spki } from "#lib/ledger/public-key.ts";

/** The DER before an uncompressed P-256 point. Source: RFC 5480. */
const p256Prefix = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d030107034200", "hex");

/**
 * The SubjectPublicKeyInfo of a credential's COSE key (P-256 or Ed25519), by which keys are named everywhere else.
 *
 * @throws {Refusal} evidence-invalid for another kind of key.
 */
export function spkiOfCose(publicKey: Uint8Array): Uint8Array {
  const key = decodeCredentialPublicKey(Uint8Array.from(publicKey));
  if (cose.isCOSEPublicKeyEC2(key)) {
    const x = key.get(cose.COSEKEYS.x);
    const y = key.get(cose.COSEKEYS.y);
    if (key.get(cose.COSEKEYS.crv) === cose.COSECRV.P256 && x?.length === 32 && y?.length === 32) {
      return concatBytes(p256Prefix, Uint8Array.of(4), x, y);
    }
  }
  if (cose.isCOSEPublicKeyOKP(key)) {
    const x = key.get(cose.COSEKEYS.x);
    if (key.get(cose.COSEKEYS.crv) === cose.COSECRV.ED25519 && x?.length === 32) return encodeEd25519Spki(x);
  }
  throw new Refusal("evidence-invalid", "This authenticator makes keys of a kind that is not taken here.");
}
