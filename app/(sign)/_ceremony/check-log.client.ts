"use client";

import { verifyCheckpoint } from "#lib/ledger/checkpoint.ts";
import { decodeBase64, encodeBase64, sha256Hex } from "#lib/ledger/hash.ts";
import { verifyConsistency } from "#lib/ledger/merkle.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";

/** The head of the public log as this browser verified it; `root` is base64. The statement names just this one. */
export type SeenLog = { readonly origin: string; readonly size: number; readonly root: string };

/** What the browser found, or why nothing should be signed now, in a sentence; or that nobody is signed in any more. */
export type LogCheck = { readonly log: SeenLog } | { readonly problem: string } | { readonly isSignedOut: true };

/**
 * Checks by itself what is about to be signed: that the server still gives out the text with the fingerprint that the statement
 * will name, which in an endorsement is the corrected copy, that the newest checkpoint is signed with the key of the log's policy, and that the log which this browser saw last time is the
 * beginning of this one. Remembers key and checkpoint for the next time.
 */
export async function checkBeforeSigning(versionId: string, versionSha256: string): Promise<LogCheck> {
  const textPath = `/sign/${versionId}/text?sha256=${versionSha256}`;
  try {
    const [text, note, policyText] = await Promise.all([ask(textPath), ask("/log/checkpoint"), ask("/log/policy")]);
    if (sha256Hex(text) !== versionSha256) return { problem: replaced };
    const key = parsePolicy(decode(policyText)).logs[0];
    if (!key) return { problem: "The server names no key of its public log." };
    const { origin, size, root } = verifyCheckpoint(decode(note), key);
    const log = { origin, size, root: encodeBase64(root) };
    const problem = await compareWithLast(log, key.id);
    return problem === null ? { log } : { problem };
  } catch (error) {
    if (error instanceof Unanswered && error.path === textPath) {
      if (error.status === 401) return { isSignedOut: true };
      if (error.status === 404) return { problem: replaced };
    }
    return {
      problem:
        error instanceof Unanswered
          ? "The public log did not answer. Check your connection."
          : "The newest checkpoint of the public log is not signed with the key of the log.",
    };
  }
}

const replaced = "The text was replaced meanwhile: the server gives out another one than you were shown.";

/** Nobody answered (`status` is 0), or with a refusal: that says nothing against the log. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly path: string;
  readonly status: number;

  constructor(path: string, status: number, options?: ErrorOptions) {
    super(`${path}: ${status}`, options);
    this.path = path;
    this.status = status;
  }
}

async function ask(path: string): Promise<Uint8Array> {
  let status = 0;
  try {
    const answer = await fetch(path, { cache: "no-store" });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
    status = answer.status;
  } catch (cause) {
    throw new Unanswered(path, 0, { cause });
  }
  throw new Unanswered(path, status);
}

/** Why the log is not the one that this browser saw last time; null when it is, or when there was none. */
async function compareWithLast(log: SeenLog, keyId: string): Promise<string | null> {
  const name = `concordat-log ${log.origin}`;
  const last = recall(name);
  if (last) {
    if (last.keyId !== keyId) return "The public log is signed with another key than when this browser last saw it.";
    if (log.size < last.size) return "The public log is shorter than when this browser last saw it.";
    if (log.size > last.size && last.size > 0 && !(await isContinued(last, log))) return forked;
    if (log.size === last.size && log.root !== last.root) return forked;
  }
  localStorage.setItem(name, JSON.stringify({ keyId, size: log.size, root: log.root }));
  return null;
}

const forked = "The public log does not go on from what this browser last saw of it: something in it was changed.";

async function isContinued(last: { size: number; root: string }, log: SeenLog): Promise<boolean> {
  const lines = decode(await ask(`/log/consistency?from=${last.size}&to=${log.size}`)).split("\n");
  const hashes = lines.filter((line) => line !== "").map(decodeBase64);
  return verifyConsistency(last.size, log.size, decodeBase64(last.root), decodeBase64(log.root), hashes);
}

function recall(name: string): { keyId: string; size: number; root: string } | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    if (typeof kept !== "object" || kept === null) return null;
    const { keyId, size, root } = { keyId: "", size: 0, root: "", ...kept };
    return typeof keyId === "string" && typeof size === "number" && typeof root === "string"
      ? { keyId, size, root }
      : null;
  } catch {
    // What somebody else wrote there is nothing to compare with.
    return null;
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
