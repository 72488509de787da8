import { Refusal } from "#lib/domain/refusal.ts";
import { parseCanonicalVersion } from "./canonical-version.ts";
import { type Checkpoint, findCosignature, verifyCheckpoint } from "./checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry } from "./entry.ts";
import { type Evidence, evidenceHash, verifyEvidence } from "./evidence.ts";
import { decodeBase64 } from "./hash.ts";
import { encodeJcs, formatJcs } from "./jcs.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.ts";
import type { Policy, Quorum } from "./policy.ts";
import { parseReceipt, type Receipt } from "./receipt.ts";
import { type NoteKey, parseVkey } from "./signed-note.ts";
import {
  appearanceHash,
  officerCommitment,
  parseStatement,
  type Statement,
  statementHash,
  textHash,
} from "./statement.ts";
import { parseTlogProof } from "./tlog-proof.ts";

/**
 * What a receipt is worth. `exit` is the exit code of the command line: 0 valid; 2 invalid; 3 valid, not witnessed;
 * 4 valid, and since changed; 5 no key that the reader trusts vouches for it. `sentence` is for people.
 */
export type Verdict = {
  readonly exit: 0 | 2 | 3 | 4 | 5;
  readonly sentence: string;
  /** Further things the reader should know, each one sentence. */
  readonly notes: readonly string[];
  /** What was proven, null when nothing was. */
  readonly act: ActEntry | null;
};

/**
 * Judges a receipt by what the reader trusts, without any network. `policy` is null when the reader gave none: then the
 * log's key is taken from the receipt itself, and the verdict is never "valid".
 *
 * Never throws, whatever the bytes are.
 */
export function verifyReceipt(bytes: Uint8Array, policy: Policy | null): Verdict {
  try {
    return judge(parseReceipt(bytes), policy);
  } catch (error) {
    // Anything but a refusal would be a bug of ours, and a bug must not read as "valid" nor as a stack of calls.
    const sentence = error instanceof Refusal ? error.message : "The receipt can not be read.";
    return { exit: 2, sentence: `Invalid: ${sentence}`, notes: [], act: null };
  }
}

function judge(receipt: Receipt, policy: Policy | null): Verdict {
  const act = receipt.act.entry;
  require(act.type === "act", "the entry is not an act.");
  const statement = parseStatement(receipt.statement);
  requireVersion(receipt, act, statement);
  requireSameWords(act, statement);
  require(act.statementSha256 === statementHash(receipt.statement), "the log holds another statement.");
  require(act.evidenceSha256 === evidenceHash(receipt.evidence), "the log holds other evidence.");
  require(act.evidenceClass === receipt.evidence.class, "the log names another class of evidence.");
  require(act.key === statement.organizationKey, "the log names another key.");
  requireOfficer(receipt, statement);
  requireTexts(receipt, statement);
  const log = chooseLog(receipt, policy);
  const note = parseTlogProof(receipt.act.proof).checkpoint;
  const checkpoint = verifyCheckpoint(note, log);
  const index = requireLogged(receipt.act, note, checkpoint);
  requireSeenLog(receipt, statement, checkpoint, index);
  const enrolment = requireEnrolment(receipt, act, note, checkpoint, index);
  const changes = requireChanges(receipt, act, note, checkpoint, index);
  // Last, because it costs most: every cheaper check has passed by now.
  verifyEvidence(receipt.statement, receipt.evidence);
  const notes = [
    ...(receipt.officer
      ? []
      : ["The officer is not named in this receipt; the signature does not depend on the name."]),
    ...changes,
    ...(enrolment ? [enrolment] : []),
  ];
  return { ...grade(receipt.evidence, act, policy, note, changes.length > 0), notes, act };
}

function grade(
  evidence: Evidence,
  act: ActEntry,
  policy: Policy | null,
  note: string,
  isChanged: boolean,
): Pick<Verdict, "exit" | "sentence"> {
  const what = `${act.legalName} ${act.kind === "sign" ? "signed" : `made the act "${act.kind}" on`} version ${act.version}`;
  if (evidence.class === "B" || evidence.class === "C") {
    return { exit: 5, sentence: `Recorded by the keeper, no key of the organization: ${what}.` };
  }
  if (!policy) {
    return { exit: 5, sentence: `Key vouched for by the keeper, and no policy of yours names the log: ${what}.` };
  }
  if (!policy.organizationKeys.get(act.organizationId)?.has(act.key ?? "")) {
    return { exit: 5, sentence: `Key vouched for by the keeper, not by your policy: ${what}.` };
  }
  if (evidence.class === "A") {
    const { rpId, origin } = evidence;
    if (!policy.relyingParties.some((party) => party.rpId === rpId && party.origin === origin)) {
      return { exit: 5, sentence: `Your policy does not name the signing site ${origin}: ${what}.` };
    }
  }
  if (isChanged) return { exit: 4, sentence: `Valid, and since changed: ${what}.` };
  if (!policy.quorum || !isWitnessed(note, policy.quorum))
    return { exit: 3, sentence: `Valid, not witnessed: ${what}.` };
  return { exit: 0, sentence: `Valid: ${what}.` };
}

function requireVersion(receipt: Receipt, act: ActEntry, statement: Statement): void {
  const version = parseCanonicalVersion(encodeJcs(receipt.version));
  require(version.hashHex === statement.versionSha256, "the text is not the text that was signed.");
  require(version.canonical.charter === statement.charterId, "the text is of another charter.");
  require(version.canonical.version === statement.version, "the text is another version.");
  require(version.canonical.title === statement.charterTitle, "the charter has another title.");
  const clauses = new Set(version.clauseHashes.map(({ id }) => id));
  require(statement.reservations.every(({ clauseId }) =>
    clauses.has(clauseId),
  ), "a reservation names a clause that the text does not have.");
  require(act.charterId === statement.charterId && act.version === statement.version, "the log names another version.");
  require(act.versionSha256 === statement.versionSha256, "the log names another text.");
}

/** Everything that the public list prints about a signature must be what was signed. */
function requireSameWords(act: ActEntry, statement: Statement): void {
  const { country, class: kind, sector, appearanceStatement } = act;
  const appearance = appearanceHash({ country, class: kind, sector, statement: appearanceStatement });
  const reservations = formatJcs(act.reservations) === formatJcs(statement.reservations);
  require(act.by === "organization", "the act is not the organization's own.");
  require(act.kind === statement.action, "the log names another kind of act.");
  require(act.organizationId === statement.organizationId, "the log names another organization.");
  require(act.legalName === statement.organizationName, "the log gives the organization another name.");
  require(act.domain === statement.organizationDomain, "the log gives the organization another domain.");
  require(act.officerTitle === statement.officerTitle, "the log gives the officer another title.");
  require(act.officerCommitment === statement.officerCommitment, "the log commits to another officer.");
  require(reservations, "the log holds other reservations.");
  require(act.declarationSha256 === statement.declarationSha256, "the log holds another declaration.");
  require(appearance === statement.appearanceSha256, "the log shows the organization otherwise than it asked.");
  require(act.signedAt !== null && act.signedAt <= statement.expires, "the statement had expired when it was lodged.");
  const { from, to } = statement.mandate;
  require(from <= act.signedAt && (to === null || act.signedAt <= to), "the officer had no mandate at that time.");
  const embargo = statement.publishNotBefore;
  require(embargo === null || embargo <= act.publishedAt, "the act was published before the instant that was signed.");
  require(act.signedAt <= act.publishedAt, "the act was published before it was signed.");
}

function requireOfficer({ officer }: Receipt, statement: Statement): void {
  if (!officer) return;
  const salt = decodeOrRefuse(officer.salt);
  require(salt.length === 32, "the salt of the officer's name is not one.");
  require(officerCommitment(salt, officer) ===
    statement.officerCommitment, "the officer named is not the one committed to.");
}

function requireTexts({ texts }: Receipt, { reservations, declarationSha256 }: Statement): void {
  const signed = new Set([...reservations.map(({ sha256 }) => sha256), declarationSha256]);
  require(texts.every((text) =>
    signed.has(textHash(text)),
  ), "the words of a reservation or declaration are not those that were signed.");
}

function chooseLog(receipt: Receipt, policy: Policy | null): NoteKey {
  const stated = parseVkey(receipt.log);
  if (!policy) return stated;
  const trusted = policy.logs.find(({ name, id }) => name === stated.name && id === stated.id);
  require(trusted, `your policy does not name the log ${stated.name}+${stated.id}.`);
  return trusted;
}

function requireLogged(logged: { entry: Entry; proof: string }, note: string, { size, root }: Checkpoint): number {
  const proof = parseTlogProof(logged.proof);
  require(proof.checkpoint === note, "its proofs are of different checkpoints.");
  const leaf = leafHash(encodeEntry(logged.entry));
  require(verifyInclusion(
    leaf,
    proof.index,
    size,
    root,
    proof.hashes,
  ), "an entry is not in the log where it should be.");
  return proof.index;
}

/** The log that the officer's own browser verified must be the beginning of this log, and the act must come after it. */
function requireSeenLog(
  receipt: Receipt,
  { log, origin }: Statement,
  { size, root, ...now }: Checkpoint,
  index: number,
): void {
  require(log.origin === now.origin && origin === now.origin, "the statement was made for another log.");
  require(log.size <= index, "the act stands before the log that its officer saw.");
  const hashes = receipt.consistency.map(decodeOrRefuse);
  const isPrefix = verifyConsistency(log.size, size, decodeOrRefuse(log.root), root, hashes);
  require(log.size === 0 ? hashes.length === 0 : isPrefix, "the log is not the one that the officer saw.");
}

/** Returns a sentence when it was only the operator who bound the key to the organization. */
function requireEnrolment(
  { key: logged, evidence }: Receipt,
  act: ActEntry,
  note: string,
  checkpoint: Checkpoint,
  actIndex: number,
): string | null {
  require((logged === null) === (act.key === null), "the enrolment of the key is missing or too much.");
  if (!logged) return null;
  const { entry } = logged;
  require(entry.type === "key" && entry.action === "enrolled", "the entry about the key is not an enrolment.");
  require(entry.organizationId === act.organizationId, "the key was enrolled for another organization.");
  const isSameKey = "spki" in evidence && entry.key === act.key && entry.spki === evidence.spki;
  require(isSameKey, "another key was enrolled.");
  const site = evidence.class === "A" ? evidence : { rpId: null, origin: null };
  require(entry.rpId === site.rpId && entry.origin === site.origin, "the key was enrolled for another site.");
  require(requireLogged(logged, note, checkpoint) < actIndex, "the key was enrolled after the act.");
  return entry.boundBy === "operator" ? "The key was bound to the organization by the operator's word." : null;
}

function requireChanges(
  receipt: Receipt,
  act: ActEntry,
  note: string,
  checkpoint: Checkpoint,
  actIndex: number,
): string[] {
  let last = actIndex;
  return receipt.later.map((logged) => {
    const index = requireLogged(logged, note, checkpoint);
    require(index > last, "its later entries are not in the order of the log.");
    last = index;
    return describeChange(logged.entry, act);
  });
}

function describeChange(entry: Entry, act: ActEntry): string {
  if (entry.type === "act") {
    const isSameSignatory = entry.charterId === act.charterId && entry.organizationId === act.organizationId;
    require(isSameSignatory && entry.version === act.version, "a later entry is about another signature.");
    const when = entry.effectiveAt ? `, effective ${entry.effectiveAt}` : "";
    return `Act ${entry.number} of ${entry.publishedAt}: ${entry.kind}${when}.`;
  }
  if (entry.type === "version") {
    require(entry.charterId === act.charterId, "a later entry is about another charter.");
    return `Version ${entry.version} ${entry.action} on ${entry.publishedAt}.`;
  }
  if (entry.type === "redact") return `A text was withheld on ${entry.at}: ${entry.reason}`;
  if (entry.type === "key") {
    require(entry.key === act.key && entry.action === "revoked", "a later entry is about another key.");
    return `The key was revoked on ${entry.at}, after it signed.`;
  }
  throw new Refusal("evidence-invalid", "a later entry has nothing to do with the act.");
}

function isWitnessed(note: string, quorum: Quorum): boolean {
  if ("members" in quorum)
    return quorum.members.filter((member) => isWitnessed(note, member)).length >= quorum.threshold;
  return findCosignature(note, quorum) !== undefined;
}

function decodeOrRefuse(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new Refusal("malformed", "a base64 text in it is not well formed.", { cause });
  }
}

function require(isTrue: unknown, sentence: string): asserts isTrue {
  if (!isTrue) throw new Refusal("evidence-invalid", sentence);
}
