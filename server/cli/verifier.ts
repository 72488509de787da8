import { Refusal } from "#lib/domain/refusal.ts";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { entryLines } from "#lib/ledger/charter-export.ts";
import { decodeUtf8 } from "#lib/ledger/hash.ts";
import { leafHash } from "#lib/ledger/merkle.ts";
import { type Policy, parsePolicy } from "#lib/ledger/policy.ts";
import { receiptBytesMax } from "#lib/ledger/receipt.ts";
import { verifyPromiseKept } from "#lib/ledger/verify-promise.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { checkExport, exportBytesMax, requireBeginning, requireWhole } from "./fsck.ts";
import { logOfExport } from "./later-log.ts";
import { makeKey, sign } from "./sign-statement.ts";

/** What the verifier may touch: files by name, chance for a new key, and lines for a person. It has no network. */
export type VerifierDoors = {
  /** The bytes of a file of at most `bytesMax`. @throws {Refusal} with a sentence when it can not be read. */
  read(path: string, bytesMax: number): Uint8Array;
  /** Writes a new file that only its owner can read. @throws {Refusal} when there is one already. */
  writeSecret(path: string, text: string): void;
  random(bytes: number): Uint8Array;
  print(line: string): void;
  /** Writes a text as it is, for another program to read. */
  write(text: string): void;
  /** Tells the person at the terminal a line that is no part of the output. */
  tell?(line: string): void;
  /** Asks the person at the terminal, if one is there; undefined where nobody is. */
  confirm?(question: string): boolean | undefined;
};

const usage = `Usage:
  verify <receipt.json> [--policy <policy.txt>]   Is this signature what it claims to be?
  check <entries> <checkpoint> [--against <older checkpoint>] [--policy <policy.txt>]
                                                  Is this log whole and in order, and does it begin with the older one?
  fsck <export.zip> [--against <older checkpoint>] [--policy <policy.txt>]
                                                  Does the list of signatories follow from the log, and is all there?
  promise <sealed-receipt.json> <export.zip> [--retracted <sealed-receipt.json>] [--policy <policy.txt>]
                                                  Did the keeper publish what it promised, or did it leave it out?
  key <new key file>                              Make an organization's own signing key.
  sign <statement.txt> --key <key file>           Sign a statement with it.
No command needs a network. Exit: 0 valid, 1 not understood, 2 invalid, 3 not witnessed, 4 since changed, 5 keeper's word, 6 omitted.`;

const textBytesMax = 1_048_576;
/** Room for the keys of a hundred thousand organizations. */
const policyBytesMax = 16_777_216;
const entriesBytesMax = 1_073_741_824;

/**
 * `concordat.mjs`: runs one command and answers its exit code (FORMAT.md part 9). Prints sentences, never a stack.
 */
export function runVerifier(args: readonly string[], doors: VerifierDoors): number {
  const print = (line: string): void => doors.print(line.replaceAll(/[^\n\P{C}]/gu, spelled));
  const tell = (line: string): void => doors.tell?.(line.replaceAll(/[^\n\P{C}]/gu, spelled));
  const files = { ...doors, print, tell };
  try {
    return run(args, files);
  } catch (error) {
    return explain(error, verdicts.has(args[0] ?? ""), print);
  }
}

/** The commands that judge what strangers wrote. */
const verdicts = new Set(["verify", "check", "fsck", "promise"]);

/** Files that can not be opened are the caller's matter; all else that goes wrong while judging is the fault of what is judged. */
function explain(error: unknown, isJudging: boolean, print: (line: string) => void): number {
  if (error instanceof Refusal && error.code === "not-found") {
    print(error.message);
    return 1;
  }
  // What is not a refusal has no words for people; its stack would help nobody who checks a receipt.
  const sentence = error instanceof Refusal ? error.message : "This cannot be done with these files.";
  if (!isJudging) {
    print(sentence);
    return error instanceof Refusal ? 2 : 1;
  }
  const reason = error instanceof Refusal ? sentence : "a file is not what it should be.";
  print(reason.startsWith("Invalid") ? reason : `Invalid: ${reason}`);
  return 2;
}

function run(args: readonly string[], doors: VerifierDoors): number {
  const { words, options } = parseArguments(args);
  const [command, first, second, ...more] = words;
  const policyPath = options.get("policy") ?? (command === "verify" ? second : undefined);
  if (command === "verify" && first !== undefined && more.length === 0 && isOnly(options, "policy")) {
    return verify(first, policyPath, doors);
  }
  if (command === "check" && first !== undefined && second !== undefined && isOnly(options, "against", "policy")) {
    return check(first, second, options, doors);
  }
  if (command === "fsck" && first !== undefined && second === undefined && isOnly(options, "against", "policy")) {
    return fsck(first, options, doors);
  }
  if (
    command === "promise" &&
    first !== undefined &&
    second !== undefined &&
    more.length === 0 &&
    isOnly(options, "retracted", "policy")
  ) {
    return holdToPromise(first, second, options, doors);
  }
  if (command === "key" && first !== undefined && second === undefined && options.size === 0)
    return makeKey(first, doors);
  const keyPath = options.get("key");
  if (
    command === "sign" &&
    first !== undefined &&
    second === undefined &&
    keyPath !== undefined &&
    options.size === 1
  ) {
    return sign(first, keyPath, doors);
  }
  doors.print(usage);
  return 1;
}

function verify(path: string, policyPath: string | undefined, doors: VerifierDoors): number {
  const policy = readPolicy(policyPath, doors);
  if (policy === undefined) return 1;
  const verdict = verifyReceipt(doors.read(path, receiptBytesMax), policy);
  doors.print(verdict.sentence);
  for (const note of verdict.notes) doors.print(note);
  return verdict.exit;
}

/** `entries` has one entry a line, in the order of the log, as `/log/entries` gives them. */
function check(entriesPath: string, path: string, options: ReadonlyMap<string, string>, doors: VerifierDoors): number {
  const policy = readPolicy(options.get("policy"), doors);
  if (policy === undefined) return 1;
  const entries = entryLines(doors.read(entriesPath, entriesBytesMax));
  const leaves = entries.map(leafHash);
  const against = options.get("against");
  requireWhole(decodeUtf8(doors.read(path, textBytesMax)), leaves, policy);
  if (against !== undefined) requireBeginning(decodeUtf8(doors.read(against, textBytesMax)), leaves, policy);
  const findings = auditLog(entries);
  for (const { index, sentence } of findings) doors.print(`Invalid: entry ${index}: ${sentence}`);
  if (findings.length > 0) return 2;
  doors.print(
    `The log has ${leaves.length} entries in good order and is the log of the checkpoint${against ? ", and of the older one" : ""}.`,
  );
  if (policy) return 0;
  doors.print("No policy of yours names the log's key: nobody's signature was checked.");
  return 5;
}

function fsck(path: string, options: ReadonlyMap<string, string>, doors: VerifierDoors): number {
  const policy = readPolicy(options.get("policy"), doors);
  if (policy === undefined) return 1;
  const against = options.get("against");
  const kept = against === undefined ? [] : [decodeUtf8(doors.read(against, textBytesMax))];
  const { exit, sentences } = checkExport(doors.read(path, exportBytesMax), policy, kept);
  for (const sentence of sentences) doors.print(sentence);
  return exit;
}

/** Holds what the keeper promised against the whole log of a later export. */
function holdToPromise(
  path: string,
  exportPath: string,
  options: ReadonlyMap<string, string>,
  doors: VerifierDoors,
): number {
  const policy = readPolicy(options.get("policy"), doors);
  if (policy === undefined) return 1;
  const later = logOfExport(doors.read(exportPath, exportBytesMax));
  const answer = options.get("retracted");
  const verdict = verifyPromiseKept(
    doors.read(path, receiptBytesMax),
    later,
    policy,
    answer === undefined ? null : doors.read(answer, receiptBytesMax),
  );
  doors.print(verdict.sentence);
  for (const note of verdict.notes) doors.print(note);
  return verdict.exit;
}

/** The reader's policy, null without one, undefined when it can not be used (which is said). */
function readPolicy(path: string | undefined, doors: VerifierDoors): Policy | null | undefined {
  if (path === undefined) return null;
  try {
    return parsePolicy(decodeUtf8(doors.read(path, policyBytesMax)));
  } catch (error) {
    doors.print(error instanceof Refusal ? error.message : "The policy is not a text.");
    return undefined;
  }
}

function parseArguments(args: readonly string[]): { words: string[]; options: Map<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word.startsWith("--")) {
      options.set(word.slice(2), args[at + 1] ?? "");
      at += 1;
    } else words.push(word);
  }
  return { words, options };
}

function isOnly(options: ReadonlyMap<string, string>, ...names: readonly string[]): boolean {
  return [...options].every(([name, value]) => names.includes(name) && value !== "");
}

/** A name in a receipt must not be able to write to the reader's terminal. */
function spelled(character: string): string {
  return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
}
