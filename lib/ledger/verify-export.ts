import { Refusal } from "#lib/domain/refusal.ts";
import type { FrozenVersion } from "./canonical-version.ts";
import type { ExportFiles } from "./charter-export.ts";
import type { ActEntry, Entry, KeyEntry } from "./entry.ts";
import { Evidence, verifyEvidence } from "./evidence.ts";
import { decodeBase64, decodeUtf8, isEqualBytes } from "./hash.ts";
import { parseJcs } from "./jcs.ts";
import { rootsOf } from "./merkle.ts";
import type { Policy } from "./policy.ts";
import { requireThat } from "./require-that.ts";
import { requireSignedAct } from "./signed-act.ts";
import { keepersWord } from "./trust.ts";
import { loggedText, readText } from "./withheld.ts";

/** How the signatures of an export stand to its reader: `words` counts those that are only the keeper's word, by the reason. */
export type ExportTrust = {
  /** By keys that the reader's policy names as the organization's. */
  readonly own: number;
  readonly words: ReadonlyMap<string, number>;
};

type Signed = {
  readonly act: ActEntry;
  readonly index: number;
  readonly statement: string;
  readonly evidence: Evidence;
  readonly seen: { readonly size: number; readonly root: string };
};

/**
 * Checks every signed act of a charter's export as a receipt is checked: text, statement and entry say the same, the evidence is
 * evidence for this statement, the key was enrolled for this site, and the log that its officer saw is the beginning of this one.
 * `log` and `leaves` are the whole log, whose order and tree the caller has checked.
 *
 * @throws {Refusal} malformed, evidence-invalid; the sentence names the act.
 */
export function verifyExport(
  files: ExportFiles,
  log: readonly Entry[],
  leaves: readonly Uint8Array[],
  { charter, policy }: { readonly charter: string; readonly policy: Policy | null },
): ExportTrust {
  const keys = new Map<string, KeyEntry>();
  const texts = textsOf(files, log, charter);
  const signed: Signed[] = [];
  const words = new Map<string, number>();
  let own = 0;
  for (const [index, entry] of log.entries()) {
    if (entry.type === "key" && entry.action === "enrolled") keys.set(entry.key, entry);
    if (entry.type !== "act" || entry.charterId !== charter || entry.statementSha256 === null) continue;
    const act = about(entry.number, () => requireAct(files, entry, index, texts, keys));
    signed.push(act);
    const word = keepersWord(act.evidence, entry, policy);
    if (word === null) own += 1;
    else words.set(word, (words.get(word) ?? 0) + 1);
  }
  requireSeenLogs(signed, leaves);
  // Last, because it costs most: every cheaper check has passed by now.
  for (const { act, statement, evidence } of signed) about(act.number, () => verifyEvidence(statement, evidence));
  return { own, words };
}

function requireAct(
  files: ExportFiles,
  act: ActEntry,
  index: number,
  texts: (act: ActEntry) => ExportedText,
  keys: ReadonlyMap<string, KeyEntry>,
): Signed {
  const statement = decodeUtf8(fileOf(files, `acts/${act.number}.statement.txt`));
  const parsed = Evidence.safeParse(parseJcs(fileOf(files, `acts/${act.number}.evidence.json`)));
  requireThat(parsed.success, "its evidence cannot be read.");
  const evidence = parsed.data;
  const version = texts(act);
  const { log, origin } = requireSignedAct({ act, statement, evidence, version });
  requireThat(log.origin === origin, "the statement was made for another log.");
  requireThat(log.size <= index, "the act stands before the log that its officer saw.");
  const key = act.key === null ? null : keys.get(act.key);
  const site = evidence.class === "A" ? evidence : { rpId: null, origin: null };
  requireThat(
    key === null || (key?.rpId === site.rpId && key.origin === site.origin),
    "the key was enrolled for another site.",
  );
  return { act, index, statement, evidence, seen: log };
}

/** A version as an export has it: whole, or with clauses withheld that the log says are. */
type ExportedText = Omit<FrozenVersion, "bytes">;

/** Reads each text of a charter once, when an act is about it: the version, or the corrected copy that is endorsed. */
function textsOf(files: ExportFiles, log: readonly Entry[], charter: string): (act: ActEntry) => ExportedText {
  const known = new Map<string, ExportedText>();
  return ({ kind, version, versionSha256 }) => {
    const corrected = kind === "endorse-correction" ? versionSha256 : null;
    const name = corrected === null ? `texts/${version}.json` : `texts/${version}.${corrected}.json`;
    const bytes = fileOf(files, name);
    const text = known.get(name) ?? readText(bytes, () => loggedText(log, charter, version, corrected));
    known.set(name, text);
    return text;
  };
}

/** Every officer saw a log of some size and root: each must be the beginning of this one, or the log was forked or rolled back. */
function requireSeenLogs(signed: readonly Signed[], leaves: readonly Uint8Array[]): void {
  const roots = rootsOf(
    leaves,
    signed.map(({ seen }) => seen.size),
  );
  for (const { act, seen } of signed) {
    const root = roots.get(seen.size);
    const isSame = root !== undefined && isEqualBytes(root, decodeBase64(seen.root));
    about(act.number, () => requireThat(isSame, "the log is not the one that its officer saw."));
  }
}

/** Says of which act a refusal is. */
function about<T>(number: number, check: () => T): T {
  try {
    return check();
  } catch (cause) {
    const sentence = cause instanceof Refusal ? cause.message : "it cannot be read.";
    throw new Refusal("evidence-invalid", `Invalid: act ${number}: ${sentence}`, { cause });
  }
}

function fileOf(files: ExportFiles, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Refusal("evidence-invalid", `the export has no ${name}.`);
  return bytes;
}
