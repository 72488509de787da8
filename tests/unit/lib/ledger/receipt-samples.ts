import { ed25519 } from "@noble/curves/ed25519.js";
import { p256 } from "@noble/curves/nist.js";
import { canonicalVersion, type FrozenVersion } from "#lib/ledger/canonical-version.ts";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry, type KeyEntry } from "#lib/ledger/entry.ts";
import { type Evidence, evidenceHash } from "#lib/ledger/evidence.ts";
import {
  concatBytes,
  decodeHex,
  encodeBase64,
  encodeBase64Url,
  encodeUtf8,
  sha256,
  sha256Hex,
} from "#lib/ledger/hash.ts";
import { formatKeyStatement } from "#lib/ledger/key-statement.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { type Policy, parsePolicy } from "#lib/ledger/policy.ts";
import { keeperName } from "#lib/ledger/promise.ts";
import { encodeEd25519Spki } from "#lib/ledger/public-key.ts";
import { buildReceipt, type LoggedBytes, type Receipt } from "#lib/ledger/receipt.ts";
import { formatVkey, noteKey, signNote } from "#lib/ledger/signed-note.ts";
import {
  appearanceHash,
  declarationHash,
  formatStatement,
  officerCommitment,
  type Statement,
  statementHash,
  textHash,
} from "#lib/ledger/statement.ts";
import {
  actEntry,
  allEntries,
  charterId,
  keyEntry,
  logKey,
  logSecretKey,
  organizationId,
  origin,
} from "./log-samples.ts";
import { charterOf, clauseOf } from "./samples.ts";

/** Secrets that everybody knows. */
export const passkeySecret = new Uint8Array(32).fill(5);
export const ownSecret = new Uint8Array(32).fill(6);
export const keeperSecret = new Uint8Array(32).fill(7);
const salt = new Uint8Array(32).fill(8);

export const site = { rpId: "sign.concordat.example", origin: "https://sign.concordat.example" };
const texts = { reservation: "Clause 2 applies to our own networks only.", declaration: "We read clause 1 broadly." };

const p256Spki = concatBytes(
  decodeHex("3059301306072a8648ce3d020106082a8648ce3d030107034200"),
  p256.getPublicKey(passkeySecret, false),
);
const ownSpki = encodeEd25519Spki(ed25519.getPublicKey(ownSecret));
const keeperKey = noteKey(keeperName(origin), ed25519.getPublicKey(keeperSecret));

const text = charterOf(clauseOf("Calm", "Keep networks calm."), clauseOf("Report", "Report yearly."));
const reservedId = text.clauses[1]?.id ?? "";
export const frozen = canonicalVersion(text, { charterId, version: 1, previous: null });

/** A corrected copy of it. */
export const correctedCopy = canonicalVersion(
  charterOf(clauseOf("Calm", "Keep networks calm."), { ...clauseOf("Report", "Report every year."), id: reservedId }),
  { charterId, version: 1, previous: null },
);

/** What a passkey would answer, made by hand. */
export function passkeyEvidence(
  statement: string,
  changes: { clientData?: object; flags?: number; rpId?: string; secret?: Uint8Array } = {},
): Evidence {
  const challenge = encodeBase64Url(sha256(encodeUtf8(statement)));
  const clientData = {
    type: "webauthn.get",
    challenge,
    origin: site.origin,
    crossOrigin: false,
    ...changes.clientData,
  };
  const clientDataJson = encodeUtf8(JSON.stringify(clientData));
  const rpIdHash = sha256(encodeUtf8(changes.rpId ?? site.rpId));
  const authenticatorData = concatBytes(rpIdHash, Uint8Array.of(changes.flags ?? 0x05, 0, 0, 0, 9));
  const message = concatBytes(authenticatorData, sha256(clientDataJson));
  return {
    class: "A",
    spki: encodeBase64(p256Spki),
    credentialId: encodeBase64Url(encodeUtf8("credential")),
    ...site,
    clientDataJson: encodeBase64(clientDataJson),
    authenticatorData: encodeBase64(authenticatorData),
    signature: encodeBase64(p256.sign(message, changes.secret ?? passkeySecret, { format: "der" })),
  };
}

/** What each class of evidence looks like for a statement. */
export function evidenceOf(kind: Evidence["class"], statement: string): Evidence {
  switch (kind) {
    case "A":
      return passkeyEvidence(statement);
    case "A'":
      return { class: "A'", spki: encodeBase64(ownSpki), note: signNote(statement, organizationId, ownSecret) };
    case "B":
      return {
        class: "B",
        method: "totp",
        keeper: formatVkey(keeperKey),
        note: signNote(statement, keeperName(origin), keeperSecret),
      };
    case "C":
      return { class: "C", instrumentSha256: textHash("scan"), receivedAt: "2031-05-02T10:00:00.000Z" };
  }
}

/** The enrolment of the key that makes the evidence of a class, as it stands in the log of `sampleReceipt`. */
export function signedKey(kind: "A" | "A'" = "A"): KeyEntry {
  const spki = kind === "A'" ? ownSpki : p256Spki;
  const own = kind === "A'" ? { algorithm: -8 as const, rpId: null, origin: null } : {};
  return { ...keyEntry, key: sha256Hex(spki), spki: encodeBase64(spki), ...own };
}

/** A statement by which the own key approves the passkey. */
export const keyStatement = formatKeyStatement({
  origin,
  action: "approve",
  organizationId,
  organizationName: "Northlight Cooperative",
  key: sha256Hex(p256Spki),
  signedWith: sha256Hex(ownSpki),
  expires: "2031-05-05T09:30:00.000Z",
  nonce: "9".repeat(32),
});

/** The entries by which the passkey comes into a log as approved by the own key; `at` is the second's. */
export const approvedEntries: Entry[] = [
  { ...signedKey("A'"), boundBy: "operator", evidenceSha256: null },
  {
    type: "approval",
    v: 1,
    organizationId,
    statement: keyStatement,
    evidence: { class: "A'", spki: encodeBase64(ownSpki), note: signNote(keyStatement, organizationId, ownSecret) },
    at: keyEntry.at,
  },
  { ...signedKey(), boundBy: "key", approvedBy: sha256Hex(ownSpki), evidenceSha256: null },
];

export type SampleChanges = {
  kind?: Evidence["class"];
  statement?: Partial<Statement>;
  act?: Partial<ActEntry>;
  evidence?: (statement: string) => Evidence;
  key?: Partial<typeof keyEntry>;
  later?: readonly Entry[];
  texts?: readonly string[];
  version?: Uint8Array;
  seenSize?: number;
};

const withdrawalReason = "We left the field.";

/** What is different in the receipt of a withdrawal whose reason is signed, or of a narrowing to the whole text. */
export function changeOf(kind: "withdraw" | "narrow-reservation", act: Partial<ActEntry> = {}): SampleChanges {
  const isWithdrawal = kind === "withdraw";
  return {
    statement: {
      action: kind,
      reservations: [],
      declarationSha256: null,
      ...(isWithdrawal ? { reasonSha256: textHash(withdrawalReason) } : {}),
    },
    act: {
      kind,
      number: 2,
      refersTo: 1,
      initial: null,
      reservations: [],
      declarationSha256: null,
      reason: isWithdrawal ? withdrawalReason : null,
      effectiveAt: isWithdrawal ? "2031-08-02T09:30:00.000Z" : null,
      ...act,
    },
    texts: [],
  };
}

/** What is different in the receipt of the endorsement of a corrected copy. */
export function endorsementOf(copy: FrozenVersion, act: Partial<ActEntry> = {}): SampleChanges {
  return {
    version: copy.bytes,
    statement: { action: "endorse-correction", versionSha256: copy.hashHex, declarationSha256: null },
    act: {
      kind: "endorse-correction",
      number: 3,
      refersTo: 1,
      initial: null,
      versionSha256: copy.hashHex,
      declarationSha256: null,
      ...act,
    },
    texts: [texts.reservation],
  };
}

/** A log with one signature in it, and the parts of its receipt; `changes` say what is different from a good one. */
export function sampleReceipt(changes: SampleChanges = {}): {
  bytes: Uint8Array;
  statement: string;
  leaves: Uint8Array[];
} {
  const kind = changes.kind ?? "A";
  const spki = kind === "A'" ? ownSpki : p256Spki;
  const keyId = kind === "A" || kind === "A'" ? sha256Hex(spki) : null;
  const key = {
    ...keyEntry,
    key: keyId ?? keyEntry.key,
    spki: encodeBase64(spki),
    ...(kind === "A'" ? { algorithm: -8 as const, rpId: null, origin: null } : {}),
    ...changes.key,
  };
  const before = [...allEntries.filter(({ type }) => type === "log.genesis" || type === "org"), key].map(encodeEntry);
  const seen = before.slice(0, changes.seenSize ?? 2).map(leafHash);
  const reservations = [{ clauseId: reservedId, sha256: textHash(texts.reservation) }];
  const appearance = { country: "SE", class: "company", sector: "Energy", statement: "We keep calm." };
  const statement = formatStatement({
    origin,
    action: "sign",
    charterId,
    charterTitle: text.title,
    version: 1,
    versionSha256: frozen.hashHex,
    organizationId,
    organizationName: "Northlight Cooperative",
    organizationDomain: "northlight.example.org",
    organizationKey: keyId,
    officerTitle: "General Counsel",
    officerCommitment: officerCommitment(salt, { name: "Ada Lindqvist" }),
    mandate: { id: "7c1e2b90-3a41-4a80-8a55-6b0d2f1c9e10", from: "2031-01-01T00:00:00.000Z", to: null },
    reservations,
    declarationSha256: declarationHash(texts.declaration),
    appearanceSha256: appearanceHash(appearance),
    publishNotBefore: "2031-05-04T09:30:00.000Z",
    expires: "2031-06-01T00:00:00.000Z",
    log: { origin, size: seen.length, root: encodeBase64(rootOf(seen)) },
    nonce: "7".repeat(32),
    ...changes.statement,
  });
  const evidence = changes.evidence?.(statement) ?? evidenceOf(kind, statement);
  const act: ActEntry = {
    ...actEntry,
    versionSha256: frozen.hashHex,
    officerCommitment: officerCommitment(salt, { name: "Ada Lindqvist" }),
    statementSha256: statementHash(statement),
    evidenceClass: kind,
    evidenceSha256: evidenceHash(evidence),
    key: keyId,
    reservations,
    declarationSha256: declarationHash(texts.declaration),
    ...changes.act,
  };
  const entries = [...before, encodeEntry(act), ...(changes.later ?? []).map(encodeEntry)];
  const leaves = entries.map(leafHash);
  const at = (index: number): LoggedBytes => ({ index, bytes: entries[index] ?? new Uint8Array() });
  const bytes = buildReceipt({
    vkey: formatVkey(logKey),
    checkpoint: signCheckpoint({ origin, size: leaves.length, root: rootOf(leaves) }, logSecretKey),
    leaves,
    version: changes.version ?? frozen.bytes,
    statement,
    evidence,
    act: at(before.length),
    key: keyId ? at(before.length - 1) : null,
    later: (changes.later ?? []).map((_, place) => at(before.length + 1 + place)),
    texts: changes.texts ?? [texts.reservation, texts.declaration],
    officer: { name: "Ada Lindqvist", salt },
  });
  return { bytes, statement, leaves };
}

/** A reader who knows the log, the signing site and the organization's keys, and asks for no witness. */
export const policyText = `# A sample
log ${formatVkey(logKey)}
relying-party ${site.rpId} ${site.origin}
organization ${organizationId} ${sha256Hex(p256Spki)}
organization ${organizationId} ${sha256Hex(ownSpki)}
quorum none
`;
export const policy: Policy = parsePolicy(policyText);

/** A receipt with changes made after it was built, as a forger would. */
export function changed(receipt: Receipt, change: (receipt: Receipt) => void): Receipt {
  const copy = structuredClone(receipt);
  change(copy);
  return copy;
}
