import { Refusal } from "#lib/domain/refusal.ts";
import { parseCanonicalVersion } from "./canonical-version.ts";
import { parseCheckpoint, verifyCheckpoint } from "./checkpoint.ts";
import { type ActEntry, type Entry, parseEntry } from "./entry.ts";
import { verifyEvidence } from "./evidence.ts";
import { decodeBase64, isEqualBytes, sha256Hex } from "./hash.ts";
import { encodeJcs } from "./jcs.ts";
import { leafHash, rootOf } from "./merkle.ts";
import type { Policy } from "./policy.ts";
import { type InclusionPromise, keeperName, verifyPromise } from "./promise.ts";
import { requireThat } from "./require-that.ts";
import { parseSealedReceipt, type SealedReceipt } from "./sealed-receipt.ts";
import { parseVkey } from "./signed-note.ts";
import { officerCommitment, parseStatement, type Statement, statementHash } from "./statement.ts";

/**
 * Whether a promise of inclusion was kept: 0 kept; 2 invalid; 4 the organization itself pulled the signature out; 5 not due, or
 * nothing but the keeper's word; 6 omitted.
 */
export type PromiseVerdict = {
  readonly exit: 0 | 2 | 4 | 5 | 6;
  readonly sentence: string;
  readonly notes: readonly string[];
};

/** A log that came later, whole: the bytes of its entries in order, and its checkpoint. */
export type LaterLog = { readonly entries: readonly Uint8Array[]; readonly checkpoint: string };

/**
 * Holds a sealed receipt against a later log of the same keeper, without any network. `retracted` is the sealed receipt of a
 * pulling-out, which the keeper may show in answer. Without a policy the key of the log is the one that the receipt names.
 *
 * Never throws, whatever the bytes are.
 */
export function verifyPromiseKept(
  receipt: Uint8Array,
  later: LaterLog,
  policy: Policy | null,
  retracted: Uint8Array | null = null,
): PromiseVerdict {
  try {
    return judge(parseSealedReceipt(receipt), later, policy, retracted && parseSealedReceipt(retracted));
  } catch (error) {
    // Anything but a refusal would be a bug of ours, and a bug must not read as an accusation.
    const sentence = error instanceof Refusal ? error.message : "The sealed receipt cannot be read.";
    return { exit: 2, sentence: `Invalid: ${sentence}`, notes: [] };
  }
}

function judge(
  receipt: SealedReceipt,
  { entries, checkpoint }: LaterLog,
  policy: Policy | null,
  retracted: SealedReceipt | null,
): PromiseVerdict {
  const statement = requireStatement(receipt);
  requireThat(receipt.promise !== null, "it holds no promise; it is of a signature that was pulled out.");
  const leaves = entries.map(leafHash);
  requireLog(receipt, statement, leaves, checkpoint, policy);
  const log = entries.map(parseEntry);
  const promise = requirePromise(receipt, receipt.promise, log);
  const notes = policy
    ? []
    : ["No policy of yours names the log: its key is the one that the receipt names, as the keeper stated it."];
  const hash = statementHash(receipt.statement);
  const index = log.findIndex((entry) => entry.type === "act" && entry.statementSha256 === hash);
  const act = log[index];
  if (act?.type === "act") return { ...kept(act, index, promise), notes };
  const what = `${statement.organizationName}'s act "${statement.action}" on version ${statement.version}`;
  const answer = retracted && answerOf(retracted, receipt, statement, policy);
  if (answer?.isAnswer) {
    return { exit: 4, sentence: `Pulled out by the organization itself, so nothing was omitted: ${what}.`, notes };
  }
  const refused = answer ? [...notes, answer.sentence] : notes;
  const latest = latestTime(log);
  if (latest <= promise.includeBy) {
    const sentence = `Not due: the keeper promised ${what} by ${promise.includeBy}, and nothing in this log is later than that. Take a later one.`;
    return { exit: 5, sentence, notes: refused };
  }
  const sentence = `Omitted: the keeper promised ${what} by ${promise.includeBy}, and its log of ${entries.length} entries, which goes on to ${latest}, does not hold it.`;
  return { exit: 6, sentence, notes: refused };
}

function kept(act: ActEntry, index: number, { includeBy }: InclusionPromise): Omit<PromiseVerdict, "notes"> {
  const late = act.publishedAt > includeBy ? `, later than the promised ${includeBy}` : "";
  return { exit: 0, sentence: `Kept: entry ${index} of the log, published ${act.publishedAt}${late}.` };
}

/** What was signed, and by whom, as far as it can be known without the log. */
function requireStatement({ statement: text, version, evidence, officer }: SealedReceipt): Statement {
  const statement = parseStatement(text);
  const frozen = parseCanonicalVersion(encodeJcs(version));
  requireThat(frozen.hashHex === statement.versionSha256, "the text is not the text that was signed.");
  const key = "spki" in evidence ? sha256Hex(decodeBase64(evidence.spki)) : null;
  requireThat(key === statement.organizationKey, "the statement names another key.");
  const isNamed = !officer || officerCommitment(decodeBase64(officer.salt), officer) === statement.officerCommitment;
  requireThat(isNamed, "the officer named is not the one committed to.");
  verifyEvidence(text, evidence);
  return statement;
}

/** The later log must be signed by the same log's key, and begin with what the officer saw of it. */
function requireLog(
  { log }: SealedReceipt,
  statement: Statement,
  leaves: readonly Uint8Array[],
  checkpoint: string,
  policy: Policy | null,
): void {
  const stated = parseVkey(log);
  const { origin } = parseCheckpoint(checkpoint);
  const key = policy ? policy.logs.find(({ name }) => name === origin) : stated;
  requireThat(key, `your policy does not name the log ${origin}.`);
  const { size, root } = verifyCheckpoint(checkpoint, key);
  requireThat(origin === statement.origin && origin === statement.log.origin, "the statement is for another log.");
  requireThat(
    size === leaves.length && isEqualBytes(rootOf(leaves), root),
    "the entries are not the log of the checkpoint.",
  );
  const seen = statement.log;
  const isBeginning = seen.size <= size && isEqualBytes(rootOf(leaves.slice(0, seen.size)), decodeBase64(seen.root));
  requireThat(isBeginning, "the log is not the one that its officer saw: it was rolled back or forked.");
}

/** The promise must be about this statement, by a keeper's key that the log itself names. */
function requirePromise({ keeper, statement }: SealedReceipt, note: string, log: readonly Entry[]): InclusionPromise {
  const key = parseVkey(keeper);
  const isNamed = log.some((entry) => entry.type === "log.key" && entry.use === "keeper" && entry.vkey === keeper);
  requireThat(isNamed, "the log does not name the key of this keeper.");
  const promise = verifyPromise(note, key);
  requireThat(key.name === keeperName(promise.origin), "the promise is of another keeper.");
  requireThat(promise.statementSha256 === statementHash(statement), "the promise is about another statement.");
  return promise;
}

/** Whether a pulling-out is the organization's own: by the key that signed, or one of the reader's policy. */
function answerOf(
  retracted: SealedReceipt,
  receipt: SealedReceipt,
  signed: Statement,
  policy: Policy | null,
): { readonly isAnswer: boolean; readonly sentence: string } {
  const statement = requireStatement(retracted);
  const isSame =
    statement.action === "retract" &&
    statement.organizationId === signed.organizationId &&
    statement.versionSha256 === signed.versionSha256 &&
    statement.charterId === signed.charterId &&
    statement.origin === signed.origin;
  if (!isSame) return { isAnswer: false, sentence: "What was shown in answer is about another signature." };
  const key = statement.organizationKey;
  const isOwn =
    key !== null &&
    (key === signed.organizationKey || policy?.organizationKeys.get(signed.organizationId)?.has(key) === true);
  // A signature that only the keeper recorded can be taken out by the keeper's record: neither says more than the other.
  const isAnswer = isOwn || (receipt.evidence.class === "B" && retracted.evidence.class === "B");
  return { isAnswer, sentence: "The pulling-out was not signed by a key of the organization; it is no answer." };
}

function latestTime(log: readonly Entry[]): string {
  let latest = "";
  for (const entry of log) {
    const time = "publishedAt" in entry ? entry.publishedAt : entry.at;
    if (time > latest) latest = time;
  }
  return latest;
}
