import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256, sha512 } from "@noble/hashes/sha2.js";

/**
 * What computes hashes and signatures in browsers, in JavaScript alone. Everything else imports `#ledger-crypto`, which is this file
 * there and `node-crypto.ts` in Node (package.json, `imports`): both must give the same answer to every input.
 *
 * Ed25519 is read in the strictest way that RFC 8032 allows, because a signature that one verifier takes and another refuses
 * would be a quarrel: the key is canonical and not of small order, S is below the group's order, and the equation
 * [S]B = R + [k]A holds without the cofactor.
 */

/** SHA-256 of bytes: 32 bytes. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** HMAC-SHA256: 32 bytes. Source: RFC 2104. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return hmac(nobleSha256, key, bytes);
}

/** The public key of an Ed25519 secret key of 32 bytes. */
export function ed25519PublicKey(secretKey: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(secretKey);
}

/** An Ed25519 signature: 64 bytes, the same for the same message and key. */
export function signEd25519(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return ed25519.sign(message, secretKey);
}

/** Whether an Ed25519 signature holds. Never throws. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  const { Point } = ed25519;
  try {
    const key = Point.fromBytes(publicKey);
    const commitment = Point.fromBytes(signature.subarray(0, 32));
    if (key.isSmallOrder()) return false;
    const challenge = sha512.create().update(signature.subarray(0, 32)).update(publicKey).update(message).digest();
    // Throws unless S is below the order of the group.
    const base = Point.BASE.multiplyUnsafe(littleEndian(signature.subarray(32)));
    return base.equals(commitment.add(key.multiplyUnsafe(littleEndian(challenge) % Point.Fn.ORDER)));
  } catch {
    return false;
  }
}

/** Whether 65 bytes are an uncompressed point of P-256. */
export function isP256Point(raw: Uint8Array): boolean {
  return raw.length === 65 && raw[0] === 4 && p256.utils.isValidPublicKey(raw, false);
}

/** Whether an ECDSA signature with SHA-256 in DER holds; s may be high. `raw` is a point. Never throws. */
export function verifyP256(signature: Uint8Array, message: Uint8Array, raw: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, raw, { format: "der", lowS: false });
  } catch {
    return false;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => value * 256n + BigInt(byte), 0n);
}
