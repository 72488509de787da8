import { z } from "zod";
import { Refusal } from "#lib/domain/refusal.ts";
import { Domain, HashHex, Instant } from "./fields.ts";
import { decodeBase64, decodeUtf8, encodeBase64Url, encodeUtf8, isEqualBytes, sha256, sha256Hex } from "./hash.ts";
import { encodeJcs } from "./jcs.ts";
import { keeperName } from "./promise.ts";
import { parseSpki, type SigningPublicKey, verifySignature } from "./public-key.ts";
import { type NoteKey, noteKey, parseVkey, verifyNote } from "./signed-note.ts";
import { parseStatement } from "./statement.ts";

/** Base64 in its one spelling, of at most 4 KiB of bytes. */
const Base64 = z
  .string()
  .max(5464)
  .refine((text) => {
    try {
      return decodeBase64(text).length > 0;
    } catch {
      return false;
    }
  });

/** Class A: a passkey's assertion whose challenge is SHA-256 of the statement. `credentialId` is base64url, the rest base64. */
export const PasskeyEvidence = z.strictObject({
  class: z.literal("A"),
  spki: Base64,
  credentialId: z.string().regex(/^[A-Za-z0-9_-]{1,1366}$/),
  rpId: Domain,
  origin: z.string().max(300),
  clientDataJson: Base64,
  authenticatorData: Base64,
  signature: Base64,
});

/** Class A': the statement as a signed note by the organization's own Ed25519 key, whose note name is the organization's id. */
export const OwnKeyEvidence = z.strictObject({ class: z.literal("A'"), spki: Base64, note: z.string().max(20_000) });

/** Class B: an officer's step-up by code, countersigned by the keeper: the statement as a note signed by `keeper`. */
export const StepUpEvidence = z.strictObject({
  class: z.literal("B"),
  method: z.enum(["email-code", "totp"]),
  keeper: z.string().max(400),
  note: z.string().max(20_000),
});

/** Class C: an instrument received on paper or by mail; `instrumentSha256` is the hash of its scan. */
export const InstrumentEvidence = z.strictObject({
  class: z.literal("C"),
  instrumentSha256: HashHex,
  receivedAt: Instant,
});

/** What stands behind a statement. Source: FORMAT.md part 5. */
export const Evidence = z.discriminatedUnion("class", [
  PasskeyEvidence,
  OwnKeyEvidence,
  StepUpEvidence,
  InstrumentEvidence,
]);
export type Evidence = z.infer<typeof Evidence>;

/** Evidence that a key of the organization made. */
export const KeyEvidence = z.discriminatedUnion("class", [PasskeyEvidence, OwnKeyEvidence]);
export type KeyEvidence = z.infer<typeof KeyEvidence>;

/** SHA-256 in hex of the JCS form of the evidence; the act's entry carries it, so that evidence can not be exchanged later. */
export function evidenceHash(evidence: Evidence): string {
  return sha256Hex(encodeJcs(evidence));
}

/**
 * Checks that the evidence is evidence for exactly this statement, and returns the key that made it: null for B and C,
 * which no key of the organization vouches for.
 *
 * It does not know whether the key is the organization's, was enrolled, or was meant for this relying party:
 * the caller compares `key.id`, `rpId` and `origin` with what it trusts.
 *
 * @throws {Refusal} malformed, evidence-invalid; the message says which check failed.
 */
export function verifyEvidence(statement: string, evidence: Evidence): SigningPublicKey | null {
  const { organizationId, organizationKey, origin } = parseStatement(statement);
  switch (evidence.class) {
    case "A":
      return requireKey(organizationKey, verifyPasskey(statement, evidence));
    case "A'":
      return requireKey(organizationKey, verifyOwnKey(statement, organizationId, evidence));
    case "B": {
      const keeper = parseVkey(evidence.keeper);
      require(keeper.name === keeperName(origin), "The countersignature is not by the keeper of this log.");
      require(verifyNote(evidence.note, keeper) === statement, "The countersignature is of another statement.");
      return requireNoKey(organizationKey);
    }
    case "C":
      return requireNoKey(organizationKey);
  }
}

/** The note key of an organization's own Ed25519 key: its name is the organization's id. */
export function ownNoteKey(organizationId: string, publicKey: Uint8Array): NoteKey {
  return noteKey(organizationId, publicKey);
}

/**
 * The checks of WebAuthn Level 3 section 7.2 that need no state, in its order; the challenge is SHA-256 of `statement`.
 *
 * @throws {Refusal} evidence-invalid; the message says which check failed.
 */
export function verifyPasskey(statement: string, evidence: z.infer<typeof PasskeyEvidence>): SigningPublicKey {
  const clientDataJson = decodeBase64(evidence.clientDataJson);
  const clientData = parseClientData(clientDataJson);
  require(clientData.type === "webauthn.get", "The passkey made something other than a signature.");
  const challenge = encodeBase64Url(sha256(encodeUtf8(statement)));
  require(clientData.challenge === challenge, "The passkey signed another statement.");
  require(clientData.origin === evidence.origin, "The passkey was used on another site.");
  require(isOriginOf(
    evidence.origin,
    evidence.rpId,
  ), "The site of the signature does not belong to its relying party.");
  require(clientData.crossOrigin !== true && clientData.topOrigin === undefined, "The page stood inside another site.");
  const data = decodeBase64(evidence.authenticatorData);
  require(data.length >= 37, "The authenticator data is too short.");
  require(isEqualBytes(
    data.slice(0, 32),
    sha256(encodeUtf8(evidence.rpId)),
  ), "The passkey is of another relying party.");
  const flags = data[32] ?? 0;
  require((flags & 0x01) !== 0, "Nobody was present at the passkey.");
  require((flags & 0x04) !== 0, "The passkey did not verify its user.");
  const key = parseSpki(decodeBase64(evidence.spki));
  const message = new Uint8Array([...data, ...sha256(clientDataJson)]);
  require(verifySignature(key, message, decodeBase64(evidence.signature)), "The passkey's signature is wrong.");
  return key;
}

/**
 * Checks that the text of the note is `statement` and that the Ed25519 key signed it, under the organization's id.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function verifyOwnKey(
  statement: string,
  organizationId: string,
  evidence: z.infer<typeof OwnKeyEvidence>,
): SigningPublicKey {
  const key = parseSpki(decodeBase64(evidence.spki));
  require(key.algorithm === -8, "An organization's own key is an Ed25519 key.");
  require(verifyNote(evidence.note, ownNoteKey(organizationId, key.raw)) ===
    statement, "The key signed another statement.");
  return key;
}

const ClientData = z.looseObject({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.unknown().optional(),
});

function parseClientData(bytes: Uint8Array): z.infer<typeof ClientData> {
  try {
    return ClientData.parse(JSON.parse(decodeUtf8(bytes)));
  } catch (cause) {
    throw new Refusal("evidence-invalid", "The client data of the passkey cannot be read.", { cause });
  }
}

/** Whether the site is https (or http on this machine) and its host is the relying party's id or stands below it. */
function isOriginOf(origin: string, rpId: string): boolean {
  const match = /^(https?):\/\/([a-z0-9.-]+)(?::\d{1,5})?$/.exec(origin);
  const [, scheme, host = ""] = match ?? [];
  const isSafe = scheme === "https" || (scheme === "http" && host === "localhost");
  return isSafe && (host === rpId || host.endsWith(`.${rpId}`));
}

function requireKey(expected: string | null, key: SigningPublicKey): SigningPublicKey {
  require(key.id === expected, "The key that signed is not the key that the statement names.");
  return key;
}

function requireNoKey(expected: string | null): null {
  require(expected === null, "The statement names a key, but no key signed it.");
  return null;
}

function require(isTrue: boolean, sentence: string): asserts isTrue {
  if (!isTrue) throw new Refusal("evidence-invalid", sentence);
}
