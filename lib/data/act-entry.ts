import type { ActOrganization, ActPayload } from "#lib/domain/acts.ts";
import { type ClauseHash, clauseListHash } from "#lib/ledger/canonical-version.ts";
import type { Entry } from "#lib/ledger/entry.ts";
import { reservationHashes, textHash } from "#lib/ledger/statement.ts";

/** Stands in for the domain of an organization that was verified on evidence and has confirmed none. Source: RFC 2606. */
export const unconfirmedDomain = "unconfirmed.invalid";

/** The version an act is about, as far as its log entry tells of it. */
export type VersionOfEntry = {
  readonly charterId: string;
  readonly slug: string | null;
  readonly number: number;
  readonly sha256Hex: string;
  readonly previousHex: string | null;
  readonly title: string;
  readonly language: string;
  readonly clauseHashes: readonly ClauseHash[];
};

/** What a log entry says beside the act's own payload. `refersTo` is the number of the act that this one changes. */
export type EntryFacts = {
  readonly version: VersionOfEntry;
  readonly number: number;
  readonly refersTo: number | null;
  readonly evidenceSha256: string | null;
  readonly at: Date;
  readonly publishedAt: Date;
};

/**
 * The log entry of a public act, with every field that the public list prints.
 *
 * @throws {Error} for a kind that never becomes public; a caller's bug.
 */
export function entryOfAct(payload: ActPayload, facts: EntryFacts): Entry {
  switch (payload.kind) {
    case "adopt":
      return versionEntry("adopted", facts, null);
    case "open":
      return versionEntry("opened", facts, null);
    case "effect":
      return versionEntry("in-effect", facts, null);
    case "supersede":
      return versionEntry("superseded", facts, null);
    case "close":
      return versionEntry("closed", facts, payload.reason === "" ? null : payload.reason);
    case "sign":
    case "withdraw":
    case "revoke-withdrawal":
    case "narrow-reservation":
    case "reaffirm":
    case "endorse-correction":
      return signatoryEntry(payload, facts);
    case "dispute":
    case "dispute-settled":
    case "void":
    case "lapse":
    case "succession":
    case "rename":
      return keeperEntry(payload, facts);
    case "propose-correction":
    case "object-correction":
    case "correct":
      return correctionEntry(payload, facts);
    case "redact":
      return versionEntry("withheld", facts, payload.reason);
    case "freeze":
    case "withdraw-text":
    case "retract":
    case "accept-form":
    case "return":
    case "abandon":
      throw new Error(`An act of kind ${payload.kind} never enters the log.`);
  }
}

type VersionAction = Extract<Entry, { type: "version" }>["action"];

function versionEntry(
  action: VersionAction,
  facts: EntryFacts,
  reason: string | null,
): Extract<Entry, { type: "version" }> {
  const { version } = facts;
  return {
    type: "version",
    v: 1,
    action,
    charterId: version.charterId,
    slug: version.slug,
    version: version.number,
    versionSha256: version.sha256Hex,
    previous: version.previousHex,
    title: version.title,
    language: version.language,
    clausesSha256: clauseListHash(version.clauseHashes),
    correctedSha256: null,
    number: facts.number,
    by: "depositary",
    reason,
    at: facts.at.toISOString(),
    publishedAt: facts.publishedAt.toISOString(),
  };
}

type CorrectionPayload = Extract<ActPayload, { correctedSha256: string }>;

const correctionActions = {
  "propose-correction": "correction-proposed",
  "object-correction": "correction-refused",
  correct: "corrected",
} as const satisfies Record<CorrectionPayload["kind"], VersionAction>;

/** Everything in it is of the text that was signed, but the two hashes of the corrected copy. */
function correctionEntry(payload: CorrectionPayload, facts: EntryFacts): Entry {
  return {
    ...versionEntry(correctionActions[payload.kind], facts, `${saidBy(payload)}${payload.reason}`),
    correctedSha256: payload.correctedSha256,
    clausesSha256: payload.clausesSha256,
  };
}

/** Through whom a correction fell: the log knows one entry for both ways, and its reason tells which it was. */
function saidBy(payload: CorrectionPayload): string {
  if (payload.kind !== "object-correction") return "";
  const { legalName } = payload.organization;
  if (!payload.takenBack) return `${legalName}: `;
  const { proposedBy } = payload;
  return proposedBy === undefined
    ? `Taken back by ${legalName}, which proposed it: `
    : `Taken back by ${legalName}, which keeps the charter, and not by ${proposedBy}, which proposed it: `;
}

type KeeperPayload = Extract<ActPayload, { signActId: string; by: string }>;

/** What is said about a signature without a statement of an officer. A renamed organization stands under its new name. */
function keeperEntry(payload: KeeperPayload, facts: EntryFacts): Entry {
  const { organization } = payload;
  return {
    type: "act",
    v: 1,
    kind: payload.kind,
    number: facts.number,
    refersTo: facts.refersTo,
    initial: null,
    by: payload.by,
    charterId: facts.version.charterId,
    version: facts.version.number,
    versionSha256: payload.versionSha256,
    ...factsOf(organization),
    officerTitle: null,
    officerCommitment: null,
    statementSha256: null,
    evidenceClass: null,
    evidenceSha256: null,
    key: null,
    signedAt: null,
    publishedAt: facts.publishedAt.toISOString(),
    reservations: [],
    declarationSha256: null,
    appearanceStatement: null,
    effectiveAt: null,
    reason: payload.reason === "" ? null : payload.reason,
  };
}

/** What an entry says of an organization. */
export function factsOf(organization: ActOrganization) {
  return {
    organizationId: organization.id,
    legalName: organization.legalName,
    displayName: organization.displayName,
    country: organization.country,
    class: organization.class,
    sector: organization.sector === "" ? null : organization.sector,
    domain: organization.domain ?? unconfirmedDomain,
  };
}

/** What is lodged with a statement and becomes public. */
export type SignatoryPayload = Extract<
  ActPayload,
  { kind: "sign" | "withdraw" | "revoke-withdrawal" | "narrow-reservation" | "reaffirm" | "endorse-correction" }
>;

/** What the entry of a signed act says beside its payload. */
type SignedFacts = Omit<EntryFacts, "version" | "at"> & {
  readonly version: Pick<VersionOfEntry, "charterId" | "number">;
};

/** The entry of an act that an officer signed. */
export function signatoryEntry(payload: SignatoryPayload, facts: SignedFacts): Entry {
  const { organization } = payload;
  const isSigning = payload.kind === "sign";
  return {
    type: "act",
    v: 1,
    kind: payload.kind,
    number: facts.number,
    refersTo: facts.refersTo,
    initial: isSigning ? payload.actType === "SIGNATURE" : null,
    by: "organization",
    charterId: facts.version.charterId,
    version: facts.version.number,
    versionSha256: payload.versionSha256,
    ...factsOf(organization),
    officerTitle: payload.officerTitle,
    officerCommitment: payload.officerCommitment,
    statementSha256: payload.statementSha256,
    evidenceClass: payload.evidenceClass,
    evidenceSha256: facts.evidenceSha256,
    key: payload.keySha256,
    signedAt: payload.signedAt,
    publishedAt: facts.publishedAt.toISOString(),
    reservations: reservationHashes("reservations" in payload ? (payload.reservations ?? []) : []),
    declarationSha256: isSigning && payload.declaration !== "" ? textHash(payload.declaration) : null,
    appearanceStatement: isSigning && payload.statementForPublication !== "" ? payload.statementForPublication : null,
    effectiveAt: payload.kind === "withdraw" ? payload.effectiveOn : null,
    reason: payload.kind === "withdraw" && payload.reason !== "" ? payload.reason : null,
  };
}
