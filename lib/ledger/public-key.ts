import { isP256Point, verifyEd25519, verifyP256 } from "#ledger-crypto";
import { Refusal } from "#lib/domain/refusal.ts";
import { concatBytes, decodeBase64, decodeHex, isEqualBytes, sha256Hex } from "./hash.ts";

/** A signing key: COSE algorithm -7 is ECDSA on P-256 with SHA-256 (DER signatures), -8 is Ed25519. */
export type SigningPublicKey = {
  readonly algorithm: -7 | -8;
  readonly raw: Uint8Array;
  /** SHA-256 of the SPKI in hex: how statements, entries, DNS records and policies name the key. */
  readonly id: string;
};

// The DER that stands before the key itself in the only two shapes of SPKI we accept. Sources: RFC 5480, RFC 8410.
const p256Prefix = decodeHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
const ed25519Prefix = decodeHex("302a300506032b6570032100");

/**
 * Reads a SubjectPublicKeyInfo: P-256 with an uncompressed point that lies on the curve, or Ed25519.
 *
 * @throws {Refusal} evidence-invalid.
 */
export function parseSpki(spki: Uint8Array): SigningPublicKey {
  const id = sha256Hex(spki);
  if (spki.length === 44 && isEqualBytes(spki.slice(0, 12), ed25519Prefix)) {
    return { algorithm: -8, raw: spki.slice(12), id };
  }
  if (spki.length === 91 && isEqualBytes(spki.slice(0, 26), p256Prefix)) {
    const raw = spki.slice(26);
    if (isP256Point(raw)) return { algorithm: -7, raw, id };
  }
  throw new Refusal("evidence-invalid", "The key is neither a P-256 nor an Ed25519 public key.");
}

/** The SPKI of a raw Ed25519 public key of 32 bytes. */
export function encodeEd25519Spki(publicKey: Uint8Array): Uint8Array {
  return concatBytes(ed25519Prefix, publicKey);
}

/** Whether `signature` over `message` is the key's. Never throws; P-256 signatures are DER and may have a high s. */
export function verifySignature(key: SigningPublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  const verify = key.algorithm === -8 ? verifyEd25519 : verifyP256;
  return verify(signature, message, key.raw);
}

/**
 * Reads an Ed25519 public key as people send it: SPKI as PEM ("-----BEGIN PUBLIC KEY-----") or base64, or the 32 bytes of the key as
 * base64. Gives back the SPKI.
 *
 * @throws {Refusal} malformed.
 */
export function readEd25519Spki(text: string): Uint8Array {
  const body = text
    .trim()
    .replace(/^-----BEGIN PUBLIC KEY-----|-----END PUBLIC KEY-----$/g, "")
    .replaceAll(/\s+/g, "");
  const bytes = (() => {
    try {
      return decodeBase64(body);
    } catch {
      return new Uint8Array();
    }
  })();
  const spki = bytes.length === 32 ? encodeEd25519Spki(bytes) : bytes;
  if (spki.length === 44 && isEqualBytes(spki.slice(0, 12), ed25519Prefix)) return spki;
  throw new Refusal(
    "malformed",
    "This is not an Ed25519 public key. Paste what the program printed: SPKI in PEM or base64, or the 32 bytes in base64.",
  );
}
