import { Refusal } from "#lib/domain/refusal.ts";
import { parseArchive } from "#lib/ledger/archive.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { CharterExport, entryLines, rebuildSignatories } from "#lib/ledger/charter-export.ts";
import { parseCheckpoint, verifyCheckpoint } from "#lib/ledger/checkpoint.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { decodeUtf8, isEqualBytes } from "#lib/ledger/hash.ts";
import { parseJcs } from "#lib/ledger/jcs.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import type { Policy } from "#lib/ledger/policy.ts";
import { isWitnessed } from "#lib/ledger/trust.ts";
import { type ExportTrust, verifyExport } from "#lib/ledger/verify-export.ts";
import { withheldSentences } from "#lib/ledger/withheld.ts";

/** The largest export that is read. */
export const exportBytesMax = 536_870_912;

/** What an export was found to be: the sentences for a person, and the exit code of the verifier. */
export type ExportVerdict = { readonly exit: 0 | 2 | 3 | 5; readonly sentences: readonly string[] };

/**
 * Checks an export of a charter from its bytes alone: the log against its checkpoint and by its rules, every text, statement and
 * evidence against the log, every signature, and the list of signatories by making it again. `against` are checkpoints that the
 * reader kept: each must be the beginning of this log.
 *
 * @throws {Refusal} malformed, too-large, evidence-invalid.
 */
export function checkExport(bytes: Uint8Array, policy: Policy | null, against: readonly string[] = []): ExportVerdict {
  const files = parseArchive(bytes);
  const read = (name: string): Uint8Array => {
    const file = files.get(name);
    if (!file) throw new Refusal("evidence-invalid", `Invalid: the export has no ${name}.`);
    return file;
  };
  const entries = entryLines(read("log/entries"));
  const leaves = entries.map(leafHash);
  const note = decodeUtf8(read("log/checkpoint"));
  requireWhole(note, leaves, policy);
  for (const older of against) requireBeginning(older, leaves, policy);
  const findings = auditLog(entries).map(({ index, sentence }) => `Invalid: entry ${index}: ${sentence}`);
  if (findings.length > 0) return { exit: 2, sentences: findings };
  const log = entries.map(parseEntry);
  const list: { asOf: string; counts: { organizations: number } } = JSON.parse(
    decodeUtf8(rebuildSignatories(files, log)),
  );
  const { charter } = CharterExport.parse(parseJcs(read("export.json")));
  const trust = verifyExport(files, log, leaves, { charter, policy });
  const sentence = `The list of ${list.counts.organizations} organizations as of ${list.asOf} follows from the log, to the byte.`;
  return {
    exit: exitOf(trust, note, policy),
    sentences: [sentence, ...withheldSentences(files), ...trustSentences(trust, policy)],
  };
}

/** The checkpoint must be of exactly these leaves, and signed by the log that the policy names. */
export function requireWhole(note: string, leaves: readonly Uint8Array[], policy: Policy | null): void {
  const { size } = readCheckpoint(note, policy);
  if (size !== leaves.length) {
    throw new Refusal(
      "evidence-invalid",
      `Invalid: the checkpoint is of ${size} entries, the log has ${leaves.length}: the entries are not the log of the checkpoint.`,
    );
  }
  requireBeginning(note, leaves, policy, "Invalid: the entries are not the log of the checkpoint.");
}

/** The log must begin with the log of an older checkpoint. */
export function requireBeginning(
  note: string,
  leaves: readonly Uint8Array[],
  policy: Policy | null,
  sentence?: string,
): void {
  const { size, root } = readCheckpoint(note, policy);
  if (size <= leaves.length && isEqualBytes(rootOf(leaves.slice(0, size)), root)) return;
  throw new Refusal(
    "evidence-invalid",
    sentence ??
      `Invalid: the log does not begin with the ${size} entries of the older checkpoint: it was rolled back or forked.`,
  );
}

function readCheckpoint(note: string, policy: Policy | null): { size: number; root: Uint8Array } {
  const claimed = parseCheckpoint(note);
  if (!policy) return claimed;
  const key = policy.logs.find(({ name }) => name === claimed.origin);
  if (!key) throw new Refusal("evidence-invalid", `Invalid: your policy does not name the log ${claimed.origin}.`);
  return verifyCheckpoint(note, key);
}

/** The keeper's word for one signature makes the list the keeper's word. */
function exitOf({ words }: ExportTrust, note: string, policy: Policy | null): ExportVerdict["exit"] {
  if (!policy || words.size > 0) return 5;
  return isWitnessed(note, policy.quorum) ? 0 : 3;
}

function trustSentences({ own, words }: ExportTrust, policy: Policy | null): string[] {
  const counted = (count: number): string => (count === 1 ? "1 signed act" : `${count} signed acts`);
  return [
    ...(policy ? [] : ["No policy of yours names the log's key: nobody's word stands behind the checkpoint."]),
    ...(own > 0 ? [`By keys that your policy names: ${counted(own)}.`] : []),
    ...[...words].map(([word, count]) => `${word}: ${counted(count)}.`),
  ];
}
