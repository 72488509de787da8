import { Refusal } from "#lib/domain/refusal.ts";
import { parseArchive } from "#lib/ledger/archive.ts";
import { entryLines } from "#lib/ledger/charter-export.ts";
import { decodeUtf8 } from "#lib/ledger/hash.ts";
import type { LaterLog } from "#lib/ledger/verify-promise.ts";

/**
 * The log that an export carries, not yet judged.
 *
 * @throws {Refusal} malformed, evidence-invalid.
 */
export function logOfExport(bytes: Uint8Array): LaterLog {
  const files = parseArchive(bytes);
  const entries = files.get("log/entries");
  const checkpoint = files.get("log/checkpoint");
  if (!entries || !checkpoint) throw new Refusal("evidence-invalid", "Invalid: the export has no log.");
  return { entries: entryLines(entries), checkpoint: decodeUtf8(checkpoint) };
}
