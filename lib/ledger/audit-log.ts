import { Refusal } from "#lib/domain/refusal.ts";
import { type Entry, parseEntry } from "./entry.ts";
import { applyEntry } from "./entry-rules.ts";
import { LogState } from "./log-state.ts";

/** What is wrong with a log, and at which position (from 0). */
export type LogFinding = { readonly index: number; readonly sentence: string };

/** How far the log's own clock may go back between two entries. */
const clockBackMs = 5 * 60_000;

/**
 * Reads a whole log and lists what no honest keeper would have written, whoever signed it: acts that are missing from
 * the count, signatures with keys that were not enrolled or were revoked, signatures on versions that were not open or on
 * another text, two standing signatures of one organization, statements used twice, times that run backwards. The rules
 * stand in `entry-rules.ts` and `act-rules.ts`.
 *
 * `entries` are the bytes of the entries in order. The Merkle tree is not looked at here. Never throws.
 */
export function auditLog(entries: readonly Uint8Array[]): LogFinding[] {
  const findings: LogFinding[] = [];
  const log = new LogState();
  let latest = 0;
  for (const [index, bytes] of entries.entries()) {
    const expect = (isTrue: boolean, sentence: string): void => {
      if (!isTrue) findings.push({ index, sentence });
    };
    try {
      const entry = parseEntry(bytes);
      expect((entry.type === "log.genesis") === (index === 0), "A log has one first entry, at its start.");
      const time = Date.parse(timeOf(entry));
      expect(time >= latest - clockBackMs, "The time of this entry lies before that of an earlier one.");
      latest = Math.max(latest, time);
      applyEntry(entry, log, expect);
    } catch (error) {
      expect(false, error instanceof Refusal ? error.message : "This entry cannot be read.");
    }
  }
  return findings;
}

/** When the entry entered the log, by the keeper's word. */
function timeOf(entry: Entry): string {
  return "publishedAt" in entry ? entry.publishedAt : entry.at;
}
