import { ed25519 } from "@noble/curves/ed25519.js";
import type { ActEntry, Entry, KeyEntry } from "#lib/ledger/entry.ts";
import { encodeBase64, encodeUtf8, sha256Hex } from "#lib/ledger/hash.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";

/** The log of the samples and the secret key that signs it; known to everybody, so of no use elsewhere. */
export const origin = "concordat.example/log";
export const logSecretKey = new Uint8Array(32).fill(1);
export const logKey = noteKey(origin, ed25519.getPublicKey(logSecretKey));

export const charterId = "5b0f7a3e-90c4-4d5a-8a53-7f1f4f0d6c21";
export const organizationId = "0d9f4c1a-5a74-4f0b-9a52-3d1b0f6f8e77";
const hash = (text: string) => sha256Hex(encodeUtf8(text));
const at = "2031-05-04T09:30:00.000Z";

export const actEntry: ActEntry = {
  type: "act",
  v: 1,
  kind: "sign",
  number: 1,
  refersTo: null,
  initial: true,
  by: "organization",
  charterId,
  version: 1,
  versionSha256: hash("version"),
  organizationId,
  legalName: "Northlight Cooperative",
  displayName: "Northlight",
  country: "SE",
  class: "company",
  sector: "Energy",
  domain: "northlight.example.org",
  officerTitle: "General Counsel",
  officerCommitment: hash("officer"),
  statementSha256: hash("statement"),
  evidenceClass: "A",
  evidenceSha256: hash("evidence"),
  key: hash("key"),
  signedAt: "2031-05-03T08:00:00.000Z",
  publishedAt: at,
  reservations: [{ clauseId: "aaaaaaaaaaaa", sha256: hash("reservation") }],
  declarationSha256: null,
  appearanceStatement: "We keep calm.",
  effectiveAt: null,
  reason: null,
};

export const keyEntry: KeyEntry = {
  type: "key",
  v: 1,
  action: "enrolled",
  organizationId,
  key: hash("key"),
  spki: encodeBase64(encodeUtf8("key")),
  algorithm: -7,
  rpId: "sign.concordat.example",
  origin: "https://sign.concordat.example",
  boundBy: "dns",
  approvedBy: null,
  evidenceSha256: hash("the answer of the name server"),
  at,
};

/** One entry of every type. */
export const allEntries: readonly Entry[] = [
  { type: "log.genesis", v: 1, origin, vkey: formatVkey(logKey), at },
  { type: "log.key", v: 1, action: "added", use: "keeper", vkey: formatVkey(logKey), at },
  {
    type: "org",
    v: 1,
    action: "verified",
    organizationId,
    legalName: "Northlight Cooperative",
    displayName: "Northlight",
    country: "SE",
    class: "company",
    sector: "Energy",
    domain: "northlight.example.org",
    domainProof: "dns",
    successorId: null,
    by: "organization",
    at,
  },
  keyEntry,
  {
    type: "version",
    v: 1,
    action: "opened",
    charterId,
    slug: "calm-networks",
    version: 1,
    versionSha256: hash("version"),
    previous: null,
    title: "Accord on Calm Networks",
    language: "en",
    clausesSha256: hash("clauses"),
    correctedSha256: null,
    number: 1,
    by: "depositary",
    reason: null,
    at,
    publishedAt: at,
  },
  actEntry,
  {
    type: "redact",
    v: 1,
    subjectSha256: hash("clause"),
    charterId,
    clauseId: "aaaaaaaaaaaa",
    reason: "Personal data",
    at,
  },
  { type: "operator", v: 1, action: "Enrolled a key", subject: "Northlight", reason: "Recovery after loss", at },
];
