import { sha256 } from "#ledger-crypto";

export { hmacSha256, sha256 } from "#ledger-crypto";

/**
 * Bytes and their text forms. Every decoder here is strict: one value has exactly one spelling, so that no byte of a
 * record can change without being noticed. All decoders throw `SyntaxError`; callers at a door translate it.
 */

/** SHA-256 of bytes, as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): string {
  return encodeHex(sha256(bytes));
}

/** UTF-8 of a text. A lone surrogate would silently become U+FFFD here; texts are checked before they come this far. */
export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * The text of UTF-8 bytes; a byte order mark stays a character, so that it can be refused like any other.
 *
 * @throws {SyntaxError} when the bytes are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError("The bytes are not UTF-8.", { cause });
  }
}

/** Lower-case hex, two digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** @throws {SyntaxError} unless the text is an even number of lower-case hex digits. */
export function decodeHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new SyntaxError("Not lower-case hex.");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16));
}

/** Base64 with padding. Source: RFC 4648 section 4. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** @throws {SyntaxError} unless the text is the one padded base64 spelling of its bytes. */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new SyntaxError("Not base64.");
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  // Unused bits before the padding could differ without changing the bytes: only zero is the canonical spelling.
  if (encodeBase64(bytes) !== text) throw new SyntaxError("Not canonical base64.");
  return bytes;
}

/** Base64url without padding, as WebAuthn writes challenges. Source: RFC 4648 section 5. */
export function encodeBase64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @throws {SyntaxError} unless the text is the one unpadded base64url spelling of its bytes. */
export function decodeBase64Url(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SyntaxError("Not base64url.");
  return decodeBase64(text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4));
}

/** Whether two byte strings are equal. Not constant-time: nothing compared here is a secret. */
export function isEqualBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

/** Byte strings one after the other. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
