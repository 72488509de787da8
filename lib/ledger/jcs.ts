import { decodeUtf8, encodeUtf8 } from "./hash.ts";

/** The deepest nesting written or read; our own objects need 6. Deeper input is an attack on the stack. */
const depthMax = 64;

/**
 * The RFC 8785 (JCS) text of a plain JSON value: keys sorted by UTF-16 code units, no white space, ECMAScript numbers.
 *
 * @throws {SyntaxError} for a lone surrogate, a number that is not finite, a key that could reach a prototype, `undefined`
 *   and everything else that JSON cannot say, and for nesting deeper than 64.
 */
export function formatJcs(value: unknown): string {
  return format(value, 0);
}

/** The UTF-8 bytes of `formatJcs`. */
export function encodeJcs(value: unknown): Uint8Array {
  return encodeUtf8(formatJcs(value));
}

/**
 * The value of bytes that are exactly the JCS form of it. Duplicate keys, other spellings of numbers and strings, white
 * space and a byte order mark are all refused, because writing the value again does not give the same bytes.
 *
 * @throws {SyntaxError} when the bytes are not UTF-8, not JSON or not canonical.
 */
export function parseJcs(bytes: Uint8Array): unknown {
  // Every text has one spelling in UTF-8, and decoding refuses all others: texts that are equal have equal bytes.
  const text = decodeUtf8(bytes);
  const value: unknown = JSON.parse(text);
  if (formatJcs(value) !== text) throw new SyntaxError("The JSON is not in its canonical form.");
  return value;
}

/** Whether a text has no lone surrogate, and so has a UTF-8 form. */
export function isWellFormed(text: string): boolean {
  // Most texts have no code unit of a pair at all, which is quicker to see.
  return !/[\ud800-\udfff]/.test(text) || !/\p{Surrogate}/u.test(text);
}

function format(value: unknown, depth: number): string {
  if (depth > depthMax) throw new SyntaxError(`Nested deeper than ${depthMax}.`);
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new SyntaxError("A number is not finite.");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((member) => format(member, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new SyntaxError(`JSON has no ${typeof value}.`);
  const pairs = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return `{${pairs.map(([key, member]) => `${quote(requireKey(key))}:${format(member, depth + 1)}`).join(",")}}`;
}

function quote(text: string): string {
  if (!isWellFormed(text)) throw new SyntaxError("A text holds half of a surrogate pair.");
  return JSON.stringify(text);
}

function requireKey(key: string): string {
  if (key === "__proto__") throw new SyntaxError("The key __proto__ is refused.");
  return key;
}
