import { ed25519PublicKey, signEd25519, verifyEd25519 } from "#ledger-crypto";
import { Refusal } from "#lib/domain/refusal.ts";
import { Count } from "./fields.ts";
import { concatBytes, decodeBase64, encodeBase64, encodeUtf8 } from "./hash.ts";
import { addSignature, type NoteKey, noteKey, parseNote, signNote, verifyNote } from "./signed-note.ts";

/** The head of a log: its name, how many entries it has, and the Merkle root over them (32 bytes). */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** The three lines that a log signs. Source: C2SP tlog-checkpoint; we write no extension lines and accept none. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/** A checkpoint as a note signed by the log's own key, whose name is the origin. */
export function signCheckpoint(checkpoint: Checkpoint, secretKey: Uint8Array): string {
  return signNote(formatCheckpoint(checkpoint), checkpoint.origin, secretKey);
}

/**
 * The checkpoint of a note that `key` has signed.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function verifyCheckpoint(note: string, key: NoteKey): Checkpoint {
  const checkpoint = parseCheckpointText(verifyNote(note, key));
  if (checkpoint.origin === key.name) return checkpoint;
  throw new Refusal("evidence-invalid", `The checkpoint is of ${checkpoint.origin}, not of the log ${key.name}.`);
}

/**
 * The checkpoint a note claims, signatures unread. For choosing a key or for display before verification only.
 *
 * @throws {Refusal} malformed.
 */
export function parseCheckpoint(note: string): Checkpoint {
  return parseCheckpointText(parseNote(note).text);
}

/**
 * Adds a witness's cosignature at a time in seconds since 1970. Source: C2SP tlog-cosignature v1.
 * A witness must have stored the checkpoint before it hands this out.
 */
export function cosignCheckpoint(note: string, name: string, seconds: number, secretKey: Uint8Array): string {
  const { id } = noteKey(name, ed25519PublicKey(secretKey), 4);
  const signed = signEd25519(cosignedMessage(parseNote(note).text, seconds), secretKey);
  return addSignature(note, { name, id, signature: concatBytes(encodeUint64(seconds), signed) });
}

/**
 * When `witness` (a key of type 4) cosigned this checkpoint, in seconds since 1970; undefined if it did not.
 *
 * @throws {Refusal} malformed, and evidence-invalid when its signature is there and wrong.
 */
export function findCosignature(note: string, witness: NoteKey): number | undefined {
  const { text, signatures } = parseNote(note);
  const line = signatures.find(({ name, id }) => name === witness.name && id === witness.id);
  if (!line || witness.type !== 4) return undefined;
  const seconds = decodeUint64(line.signature.slice(0, 8));
  if (line.signature.length === 72 && Count.safeParse(seconds).success) {
    const message = cosignedMessage(text, seconds);
    if (verifyEd25519(line.signature.slice(8), message, witness.publicKey)) return seconds;
  }
  throw new Refusal("evidence-invalid", `The cosignature of ${witness.name} on the checkpoint is wrong.`);
}

function parseCheckpointText(text: string): Checkpoint {
  const [origin = "", digits = "", root = ""] = text.split("\n");
  const size = Number(digits);
  try {
    const checkpoint = { origin, size: Count.parse(size), root: decodeBase64(root) };
    if (origin !== "" && checkpoint.root.length === 32 && formatCheckpoint(checkpoint) === text) return checkpoint;
  } catch (cause) {
    throw new Refusal("malformed", "This is not a checkpoint.", { cause });
  }
  throw new Refusal("malformed", "This is not a checkpoint.");
}

function cosignedMessage(text: string, seconds: number): Uint8Array {
  return encodeUtf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

function encodeUint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function decodeUint64(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
