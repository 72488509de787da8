import { ed25519PublicKey, signEd25519, verifyEd25519 } from "#ledger-crypto";
import { Refusal } from "#lib/domain/refusal.ts";
import { concatBytes, decodeBase64, encodeBase64, encodeHex, encodeUtf8, sha256 } from "./hash.ts";

/**
 * Signed notes: a text that ends in LF, an empty line, and signature lines `— <key name> <base64 of key id ‖ signature>`.
 * Source: C2SP signed-note v1.
 */

/** What a key signs: 1 is a plain Ed25519 signature of the text, 4 a witness's timestamped one of a checkpoint. */
export type NoteKeyType = 1 | 4;

/** A public key of notes; `id` is its 4-byte key id as 8 hex digits, derived from all the rest. */
export type NoteKey = {
  readonly name: string;
  readonly id: string;
  readonly type: NoteKeyType;
  readonly publicKey: Uint8Array;
};

/** One signature line, not yet verified. */
export type NoteSignature = { readonly name: string; readonly id: string; readonly signature: Uint8Array };

/** A note taken apart. Nothing in it may be believed before `verifyNote`. */
export type Note = { readonly text: string; readonly signatures: readonly NoteSignature[] };

/** Bounds of what is read: C2SP asks for at least 16 signatures. */
const signaturesMax = 16;
const noteCharsMax = 65_536;

/** A key of this name, with its id. */
export function noteKey(name: string, publicKey: Uint8Array, type: NoteKeyType = 1): NoteKey {
  const id = sha256(concatBytes(encodeUtf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4);
  return { name, id: encodeHex(id), type, publicKey };
}

/** The key as one word, `<name>+<id>+<base64 of type ‖ key>`. */
export function formatVkey(key: NoteKey): string {
  return `${key.name}+${key.id}+${encodeBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** @throws {Refusal} malformed unless the text is the one spelling of an Ed25519 key (type 1 or 4) and its id agrees. */
export function parseVkey(text: string): NoteKey {
  const [name = "", , ...encoded] = text.split("+");
  const bytes = decodeOrRefuse(encoded.join("+"), "This is not a note key.");
  const type = bytes[0];
  if (isKeyName(name) && bytes.length === 33 && (type === 1 || type === 4)) {
    const key = noteKey(name, bytes.slice(1), type);
    if (formatVkey(key) === text) return key;
  }
  throw new Refusal("malformed", "This is not a note key.");
}

/**
 * Signs a text with the key of this name. Ed25519 needs no randomness: the same text gives the same note.
 *
 * @throws {RangeError} if the text can not be the text of a note; that is a caller's bug.
 */
export function signNote(text: string, name: string, secretKey: Uint8Array): string {
  if (!text.endsWith("\n") || hasControl(text) || !isKeyName(name)) throw new RangeError("This cannot be a note.");
  const { id } = noteKey(name, ed25519PublicKey(secretKey));
  return addSignature(`${text}\n`, { name, id, signature: signEd25519(encodeUtf8(text), secretKey) });
}

/** The note with one more signature line. */
export function addSignature(note: string, { name, id, signature }: NoteSignature): string {
  const idBytes = Uint8Array.from([0, 2, 4, 6], (at) => Number.parseInt(id.slice(at, at + 2), 16));
  return `${note}— ${name} ${encodeBase64(concatBytes(idBytes, signature))}\n`;
}

/**
 * Takes a note apart, strictly: one signature line for each key, at most 16, nothing after them.
 *
 * @throws {Refusal} malformed.
 */
export function parseNote(note: string): Note {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2).split("\n");
  if (note.length > noteCharsMax || hasControl(note) || end < 1 || lines.pop() !== "" || lines.length === 0) {
    throw new Refusal("malformed", "This is not a signed note.");
  }
  if (lines.length > signaturesMax) {
    throw new Refusal("malformed", `A signed note has at most ${signaturesMax} signatures.`);
  }
  const signatures = lines.map(parseSignatureLine);
  const keys = new Set(signatures.map(({ name, id }) => `${name} ${id}`));
  if (keys.size !== signatures.length) throw new Refusal("malformed", "A signed note has two signatures of one key.");
  return { text: note.slice(0, end + 1), signatures };
}

/**
 * The text of a note that `key` (of type 1) has signed. Signatures of other keys are not looked at.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function verifyNote(note: string, key: NoteKey): string {
  const { text, signatures } = parseNote(note);
  const line = signatures.find(({ name, id }) => name === key.name && id === key.id);
  if (!line) throw new Refusal("evidence-invalid", `The note is not signed by the key ${key.name}+${key.id}.`);
  if (key.type !== 1 || !verifyEd25519(line.signature, encodeUtf8(text), key.publicKey)) {
    throw new Refusal("evidence-invalid", `The signature of ${key.name} on the note is wrong.`);
  }
  return text;
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name = "", encoded = "", ...more] = line.split(" ");
  const bytes = decodeOrRefuse(encoded, "A signature line of the note is not well formed.");
  if (dash !== "—" || !isKeyName(name) || bytes.length < 5 || more.length > 0) {
    throw new Refusal("malformed", "A signature line of the note is not well formed.");
  }
  return { name, id: encodeHex(bytes.slice(0, 4)), signature: bytes.slice(4) };
}

function isKeyName(name: string): boolean {
  return /^[^\p{White_Space}\p{Cc}\p{Cs}+]{1,255}$/u.test(name);
}

function hasControl(text: string): boolean {
  return /[^\n\u0020-\u{10ffff}]|\p{Cs}/u.test(text);
}

function decodeOrRefuse(text: string, sentence: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new Refusal("malformed", sentence, { cause });
  }
}
