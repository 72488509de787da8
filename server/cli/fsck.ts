// This build asks nothing of Node, so that the program stays one file.
import { unzipSync } from "fflate/browser";
import { Refusal } from "#lib/domain/refusal.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { entryLines, rebuildSignatories } from "#lib/ledger/charter-export.ts";
import { parseCheckpoint, verifyCheckpoint } from "#lib/ledger/checkpoint.ts";
import { decodeUtf8, isEqualBytes } from "#lib/ledger/hash.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import type { Policy } from "#lib/ledger/policy.ts";

/** The largest export that is read, packed and unpacked. */
export const exportBytesMax = 536_870_912;

/** What an export was found to be: the sentence for a person, and the exit code of the verifier. */
export type ExportVerdict = { readonly exit: 0 | 2 | 5; readonly sentences: readonly string[] };

/**
 * Checks an export of a charter from its bytes alone: the log against its checkpoint, every text and statement against
 * the log, and the list of signatories by making it again.
 *
 * @throws {Refusal} malformed, too-large, evidence-invalid.
 */
export function checkExport(bytes: Uint8Array, policy: Policy | null): ExportVerdict {
  const files = unpack(bytes);
  const read = (name: string): Uint8Array => {
    const file = files.get(name);
    if (!file) throw new Refusal("evidence-invalid", `Invalid: the export has no ${name}.`);
    return file;
  };
  const entries = entryLines(read("log/entries"));
  const note = decodeUtf8(read("log/checkpoint"));
  const { origin, size, root } = parseCheckpoint(note);
  if (size !== entries.length || !isEqualBytes(rootOf(entries.map(leafHash)), root)) {
    throw new Refusal("evidence-invalid", "Invalid: the entries are not the log of the checkpoint.");
  }
  const findings = auditLog(entries).map(({ index, sentence }) => `Invalid: entry ${index}: ${sentence}`);
  if (findings.length > 0) return { exit: 2, sentences: findings };
  const list: { asOf: string; counts: { organizations: number } } = JSON.parse(
    decodeUtf8(rebuildSignatories(files, entries)),
  );
  const sentence = `The list of ${list.counts.organizations} organizations as of ${list.asOf} follows from the log, to the byte.`;
  if (!policy) {
    return {
      exit: 5,
      sentences: [sentence, "No policy of yours names the log's key: nobody's signature was checked."],
    };
  }
  const key = policy.logs.find(({ name }) => name === origin);
  if (!key) throw new Refusal("evidence-invalid", `Invalid: your policy does not name the log ${origin}.`);
  verifyCheckpoint(note, key);
  return { exit: 0, sentences: [sentence] };
}

function unpack(bytes: Uint8Array): Map<string, Uint8Array> {
  let total = 0;
  try {
    const files = unzipSync(bytes, {
      filter({ originalSize }) {
        total += originalSize;
        if (total > exportBytesMax) throw new Refusal("too-large", "Invalid: the export unpacks to too much.");
        return true;
      },
    });
    return new Map(Object.entries(files));
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    throw new Refusal("malformed", "Invalid: this is not a ZIP archive.", { cause });
  }
}
