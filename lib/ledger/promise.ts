import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { HashHex, Instant, Origin } from "./fields.ts";
import { type NoteKey, signNote, verifyNote } from "./signed-note.ts";

/**
 * The keeper's countersigned promise: this statement was received, and its entry will stand in the log by `includeBy`.
 * A signatory who holds one whose time has passed, and a later log without the entry, has proof of the omission.
 */
export const InclusionPromise = z.strictObject({
  origin: Origin,
  statementSha256: HashHex,
  receivedAt: Instant,
  includeBy: Instant,
});
export type InclusionPromise = z.infer<typeof InclusionPromise>;

/** The note name of the keeper's countersigning key, which is not the key of the log. */
export function keeperName(origin: string): string {
  return `${origin}/keeper`;
}

/**
 * The promise as a note signed by the keeper's Ed25519 key.
 *
 * @throws {Refusal} malformed.
 */
export function signPromise(promise: InclusionPromise, secretKey: Uint8Array): string {
  if (!InclusionPromise.safeParse(promise).success) throw new Refusal("malformed", "The promise cannot be written.");
  return signNote(format(promise), keeperName(promise.origin), secretKey);
}

/**
 * Reads a promise that `keeper` has signed.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function verifyPromise(note: string, keeper: NoteKey): InclusionPromise {
  const text = verifyNote(note, keeper);
  const [first = "", statement = "", received = "", include = ""] = text.split("\n");
  const parsed = InclusionPromise.safeParse({
    origin: first.slice(0, -"/promise/v1".length),
    statementSha256: statement.slice("statement-sha256 ".length),
    receivedAt: received.slice("received ".length),
    includeBy: include.slice("include-by ".length),
  });
  if (parsed.success && format(parsed.data) === text && keeperName(parsed.data.origin) === keeper.name)
    return parsed.data;
  throw new Refusal("malformed", "This is not a promise of inclusion.");
}

function format({ origin, statementSha256, receivedAt, includeBy }: InclusionPromise): string {
  return `${origin}/promise/v1\nstatement-sha256 ${statementSha256}\nreceived ${receivedAt}\ninclude-by ${includeBy}\n`;
}
