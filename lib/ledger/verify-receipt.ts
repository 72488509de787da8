import { Refusal } from "#lib/domain/refusal.ts";
import { parseCanonicalVersion } from "./canonical-version.ts";
import { type Checkpoint, verifyCheckpoint } from "./checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry } from "./entry.ts";
import { type Evidence, verifyEvidence } from "./evidence.ts";
import { decodeBase64 } from "./hash.ts";
import { encodeJcs } from "./jcs.ts";
import { describeLater, isChange, isVoid, vouchingWords } from "./later-rules.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "./merkle.ts";
import type { Policy } from "./policy.ts";
import { parseReceipt, type Receipt } from "./receipt.ts";
import { requireThat } from "./require-that.ts";
import { requireSignedAct } from "./signed-act.ts";
import { type NoteKey, parseVkey } from "./signed-note.ts";
import { officerCommitment, type Statement, textHash } from "./statement.ts";
import { parseTlogProof } from "./tlog-proof.ts";
import { isWitnessed, keepersWord } from "./trust.ts";

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
    const sentence = error instanceof Refusal ? error.message : "The receipt cannot be read.";
    return { exit: 2, sentence: `Invalid: ${sentence}`, notes: [], act: null };
  }
}

function judge(receipt: Receipt, policy: Policy | null): Verdict {
  const act = receipt.act.entry;
  requireThat(act.type === "act", "the entry is not an act.");
  const statement = requireSignedAct({
    act,
    statement: receipt.statement,
    evidence: receipt.evidence,
    version: parseCanonicalVersion(encodeJcs(receipt.version)),
  });
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
  return {
    ...grade(
      receipt.evidence,
      act,
      policy,
      note,
      receipt.later.map(({ entry }) => entry),
    ),
    notes,
    act,
  };
}

function grade(
  evidence: Evidence,
  act: ActEntry,
  policy: Policy | null,
  note: string,
  later: readonly Entry[],
): Pick<Verdict, "exit" | "sentence"> {
  const what = `${act.legalName} ${deedOf(act.kind)} version ${act.version}`;
  const word = keepersWord(evidence, act, policy);
  // What became of it stands first whatever shows it: an act that is void must not read like one that stands.
  const since = later.some(isChange)
    ? `, and since ${later.some(isVoid) ? "found to be entered in error, void from the start" : "changed"}`
    : "";
  if (word !== null) return { exit: 5, sentence: `${word}${since}: ${what}.` };
  if (since !== "") return { exit: 4, sentence: `Valid${since}: ${what}.` };
  if (!isWitnessed(note, policy?.quorum ?? null)) return { exit: 3, sentence: `Valid, not witnessed: ${what}.` };
  return { exit: 0, sentence: `Valid: ${what}.` };
}

function deedOf(kind: ActEntry["kind"]): string {
  const endorsed = kind === "endorse-correction" ? "endorsed the corrected copy of" : `made the act "${kind}" on`;
  return kind === "sign" ? "signed" : endorsed;
}

function requireOfficer({ officer }: Receipt, statement: Statement): void {
  if (!officer) return;
  const salt = decodeOrRefuse(officer.salt);
  requireThat(salt.length === 32, "the salt of the officer's name is not one.");
  const isOfficer = officerCommitment(salt, officer) === statement.officerCommitment;
  requireThat(isOfficer, "the officer named is not the one committed to.");
}

function requireTexts({ texts }: Receipt, { reservations, declarationSha256 }: Statement): void {
  const signed = new Set([...reservations.map(({ sha256 }) => sha256), declarationSha256]);
  const areSigned = texts.every((text) => signed.has(textHash(text)));
  requireThat(areSigned, "the words of a reservation or declaration are not those that were signed.");
}

function chooseLog(receipt: Receipt, policy: Policy | null): NoteKey {
  const stated = parseVkey(receipt.log);
  if (!policy) return stated;
  const trusted = policy.logs.find(({ name, id }) => name === stated.name && id === stated.id);
  requireThat(trusted, `your policy does not name the log ${stated.name}+${stated.id}.`);
  return trusted;
}

function requireLogged(logged: { entry: Entry; proof: string }, note: string, { size, root }: Checkpoint): number {
  const proof = parseTlogProof(logged.proof);
  requireThat(proof.checkpoint === note, "its proofs are of different checkpoints.");
  const leaf = leafHash(encodeEntry(logged.entry));
  const isThere = verifyInclusion(leaf, proof.index, size, root, proof.hashes);
  requireThat(isThere, "an entry is not in the log where it should be.");
  return proof.index;
}

/** The log that the officer's own browser verified must be the beginning of this log, and the act must come after it. */
function requireSeenLog(
  receipt: Receipt,
  { log, origin }: Statement,
  { size, root, ...now }: Checkpoint,
  index: number,
): void {
  requireThat(log.origin === now.origin && origin === now.origin, "the statement was made for another log.");
  requireThat(log.size <= index, "the act stands before the log that its officer saw.");
  const hashes = receipt.consistency.map(decodeOrRefuse);
  const isPrefix = verifyConsistency(log.size, size, decodeOrRefuse(log.root), root, hashes);
  requireThat(log.size === 0 ? hashes.length === 0 : isPrefix, "the log is not the one that the officer saw.");
}

/** Returns a sentence on who vouches that the key is the organization's. */
function requireEnrolment(
  { key: logged, evidence }: Receipt,
  act: ActEntry,
  note: string,
  checkpoint: Checkpoint,
  actIndex: number,
): string | null {
  requireThat((logged === null) === (act.key === null), "the enrolment of the key is missing or too much.");
  if (!logged) return null;
  const { entry } = logged;
  requireThat(entry.type === "key" && entry.action === "enrolled", "the entry about the key is not an enrolment.");
  requireThat(entry.organizationId === act.organizationId, "the key was enrolled for another organization.");
  const isSameKey = "spki" in evidence && entry.key === act.key && entry.spki === evidence.spki;
  requireThat(isSameKey, "another key was enrolled.");
  const site = evidence.class === "A" ? evidence : { rpId: null, origin: null };
  requireThat(entry.rpId === site.rpId && entry.origin === site.origin, "the key was enrolled for another site.");
  requireThat(requireLogged(logged, note, checkpoint) < actIndex, "the key was enrolled after the act.");
  return vouchingWords(entry);
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
    requireThat(index > last, "its later entries are not in the order of the log.");
    last = index;
    return describeLater(logged.entry, act);
  });
}

function decodeOrRefuse(text: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new Refusal("malformed", "a base64 text in it is not well formed.", { cause });
  }
}
