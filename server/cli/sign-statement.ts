import { ed25519PublicKey } from "#ledger-crypto";
import { Refusal } from "#lib/domain/refusal.ts";
import {
  concatBytes,
  decodeBase64,
  decodeHex,
  decodeUtf8,
  encodeBase64,
  isEqualBytes,
  sha256Hex,
} from "#lib/ledger/hash.ts";
import { isKeyStatement, type KeyStatement, parseKeyStatement } from "#lib/ledger/key-statement.ts";
import { encodeEd25519Spki } from "#lib/ledger/public-key.ts";
import { signNote } from "#lib/ledger/signed-note.ts";
import { parseStatement, type Statement, type StatementAction, statementHash } from "#lib/ledger/statement.ts";
import type { VerifierDoors } from "./verifier.ts";

/** The DER before the 32 bytes of an Ed25519 secret key in PKCS #8. Source: RFC 8410 section 7. */
const pkcs8Prefix = decodeHex("302e020100300506032b657004220420");

const textBytesMax = 65_536;

/** Makes an organization's own key: the secret goes into a new file as PEM, what others may know is printed. */
export function makeKey(path: string, doors: VerifierDoors): number {
  const secret = doors.random(32);
  const pkcs8 = encodeBase64(concatBytes(pkcs8Prefix, secret));
  doors.writeSecret(path, `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`);
  const spki = encodeEd25519Spki(ed25519PublicKey(secret));
  doors.print(`The secret key is in ${path}. Keep it; nobody can make it again.`);
  doors.print(`Public key (SPKI, base64): ${encodeBase64(spki)}`);
  doors.print(`DNS TXT at _concordat.<your domain>: v=1; k=${sha256Hex(spki)}`);
  return 0;
}

/**
 * Says in words what a statement is, asks once more where somebody sits at the terminal, and writes the statement as a signed
 * note, and nothing else, so that the output can be sent as it is.
 */
export function sign(path: string, keyPath: string, doors: VerifierDoors): number {
  // An editor on the way may have ended the lines otherwise; what is signed has LF alone.
  const text = decodeUtf8(doors.read(path, textBytesMax)).replaceAll("\r\n", "\n");
  const secret = decodeKey(decodeUtf8(doors.read(keyPath, 1024)));
  const { organizationId, key, words } = readStatement(text);
  if (sha256Hex(encodeEd25519Spki(ed25519PublicKey(secret))) !== key) {
    throw new Refusal("evidence-invalid", "The statement names another key than this one; nothing was signed.");
  }
  for (const line of [...words, `Fingerprint of the statement: ${statementHash(text)}`]) doors.tell?.(line);
  if (doors.confirm?.("Sign this? Type yes: ") === false) {
    throw new Refusal("not-found", "Nothing was signed.");
  }
  doors.write(signNote(text, organizationId, secret));
  return 0;
}

function readStatement(text: string): { organizationId: string; key: string | null; words: string[] } {
  if (isKeyStatement(text)) {
    const statement = parseKeyStatement(text);
    return { organizationId: statement.organizationId, key: statement.signedWith, words: wordsOfKeys(statement) };
  }
  const statement = parseStatement(text);
  return { organizationId: statement.organizationId, key: statement.organizationKey, words: wordsOf(statement) };
}

const actions = {
  sign: "signs",
  retract: "pulls its sealed signature out of",
  withdraw: "gives notice of withdrawal from",
  "revoke-withdrawal": "takes back its notice of withdrawal from",
  "narrow-reservation": "narrows its reservations to",
  reaffirm: "re-affirms its signature of",
  "endorse-correction": "endorses the correction of",
} as const satisfies Record<StatementAction, string>;

/** What a statement says, in sentences for whoever is about to sign it. */
function wordsOf(statement: Statement): string[] {
  const { organizationName: name, organizationDomain: domain, reservations } = statement;
  const clauses = reservations.map(({ clauseId, sha256 }) => `  clause ${clauseId}, words with the SHA-256 ${sha256}`);
  return [
    `${name} (${domain}), through its ${statement.officerTitle}, ${actions[statement.action]}`,
    `  version ${statement.version} of “${statement.charterTitle}”,`,
    `  the text with the SHA-256 ${statement.versionSha256}.`,
    ...(clauses.length === 0 ? ["It is about the whole text."] : ["With reservations to:", ...clauses]),
    ...(statement.declarationSha256 === null ? [] : [`With a declaration, SHA-256 ${statement.declarationSha256}.`]),
    statement.publishNotBefore === null
      ? "It becomes public when it is handed in."
      : `It becomes public not before ${statement.publishNotBefore}.`,
    `It can be handed in until ${statement.expires}, at ${statement.origin}.`,
  ];
}

function wordsOfKeys({ action, organizationName: name, key, expires, origin }: KeyStatement): string[] {
  const what = {
    enrol: "This key is there and signs for the organization.",
    approve: `The key ${key} is the organization’s too, and may sign for it.`,
    "allow-all": "Codes by mail and instruments on paper count for the organization again, without a key.",
  }[action];
  return [`${name} says of its keys:`, `  ${what}`, `It can be handed in until ${expires}, at ${origin}.`];
}

/** The secret key of a file: PKCS #8 in PEM, as this program and others write it, or 64 hex digits. */
function decodeKey(text: string): Uint8Array {
  const hex = text.trim();
  if (/^[0-9a-f]{64}$/.test(hex)) return decodeHex(hex);
  const body = /^-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----$/.exec(hex)?.[1] ?? "";
  try {
    const der = decodeBase64(body.replaceAll(/\s+/g, ""));
    // Some tools add the public key behind (version 2); the secret stands at the same place.
    const head = Uint8Array.from(der.slice(0, 16));
    const isVersion2 = head[1] === 0x51 && head[4] === 1;
    if (isVersion2) head.set([0x2e, 0x02, 0x01, 0x00], 1);
    if (isEqualBytes(head, pkcs8Prefix) && der.length === (isVersion2 ? 83 : 48)) return der.slice(16, 48);
  } catch {
    // Said below.
  }
  throw new Refusal("not-found", "The key file does not hold an Ed25519 key: PKCS #8 in PEM, or 64 hex digits.");
}
