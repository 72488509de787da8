import crypto, { createHmac, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/**
 * What `crypto.ts` computes in browsers, by Node itself: the server and `concordat.mjs` have this file in its stead, as `#ledger-crypto`.
 * It is ten times as fast and brings nothing with it; the two are held against each other by the tests.
 */

const ed25519SecretHead = "302e020100300506032b657004220420";

// OpenSSL takes these keys, whose signatures hold for more than one message: the y of the points of order 1, 2, 4 and 8.
const smallOrder = new Set([
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]);

// In one call where Node has it, from 20.12 on.
const isInOneCall = typeof crypto.hash === "function";

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(
    isInOneCall ? crypto.hash("sha256", bytes, "buffer") : crypto.createHash("sha256").update(bytes).digest(),
  );
}

export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac("sha256", key).update(bytes).digest());
}

export function ed25519PublicKey(secretKey: Uint8Array): Uint8Array {
  return pairOf(secretKey).publicKey.slice();
}

export function signEd25519(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, pairOf(secretKey).secret));
}

export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32 || isWeak(publicKey)) return false;
  try {
    const x = Buffer.from(publicKey).toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

export function isP256Point(raw: Uint8Array): boolean {
  if (raw.length !== 65 || raw[0] !== 4) return false;
  const x = bigEndian(raw.subarray(1, 33));
  const y = bigEndian(raw.subarray(33));
  return x < p256Field && y < p256Field && (y * y - x * x * x + 3n * x - p256B) % p256Field === 0n;
}

export function verifyP256(signature: Uint8Array, message: Uint8Array, raw: Uint8Array): boolean {
  const x = Buffer.from(raw.subarray(1, 33)).toString("base64url");
  const y = Buffer.from(raw.subarray(33)).toString("base64url");
  try {
    // As JWK, because OpenSSL takes ten times as long to find out what a DER key is.
    const key = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
    return verify("sha256", message, { key, dsaEncoding: "der" }, signature);
  } catch {
    return false;
  }
}

// The field of P-256 and the b of its equation y² = x³ - 3x + b. Source: FIPS 186-4, D.1.2.3.
const p256Field = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const p256B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

function bigEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

/** A key whose y has a second spelling (p and above), or that is of small order. */
function isWeak(publicKey: Uint8Array): boolean {
  const y = Buffer.from(publicKey);
  y[31] = (y[31] ?? 0) & 0x7f;
  const hex = y.toString("hex");
  const isBeyond = /^e[d-f]f{60}7f$|^f[0-9a-f]f{60}7f$/.test(hex);
  return isBeyond || smallOrder.has(hex);
}

type Pair = { readonly secret: KeyObject; readonly publicKey: Uint8Array };

// To read a key takes longer than to sign with it, and a process signs with two or three. A secret key's bytes never change.
const pairs = new WeakMap<Uint8Array, Pair>();

function pairOf(secretKey: Uint8Array): Pair {
  const known = pairs.get(secretKey);
  if (known) return known;
  const der = Buffer.concat([Buffer.from(ed25519SecretHead, "hex"), secretKey]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const spki = createPublicKey(secret).export({ type: "spki", format: "der" });
  const pair = { secret, publicKey: new Uint8Array(spki.subarray(12)) };
  pairs.set(secretKey, pair);
  return pair;
}
