import { ed25519 } from "@noble/curves/ed25519.js";
import { signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import type { Evidence } from "#lib/ledger/evidence.ts";
import { concatBytes, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { leafHash, rootOf } from "#lib/ledger/merkle.ts";
import { keeperName, signPromise } from "#lib/ledger/promise.ts";
import { parseReceipt } from "#lib/ledger/receipt.ts";
import { buildSealedReceipt, parseSealedReceipt, type SealedReceipt } from "#lib/ledger/sealed-receipt.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { type Statement, statementHash } from "#lib/ledger/statement.ts";
import { actEntry, allEntries, logKey, logSecretKey, origin } from "./log-samples.ts";
import { frozen, keeperSecret, ownSecret, passkeyEvidence, policyText, sampleReceipt } from "./receipt-samples.ts";

const keeper = formatVkey(noteKey(keeperName(origin), ed25519.getPublicKey(keeperSecret)));
const includeBy = "2031-05-05T09:30:00.000Z";
const late: Entry = {
  type: "operator",
  v: 1,
  action: "Enrolled a key",
  subject: "Northlight",
  reason: "Recovery after loss",
  at: "2031-05-06T00:00:00.000Z",
};
const keeperEntry: Entry = {
  type: "log.key",
  v: 1,
  action: "added",
  use: "keeper",
  vkey: keeper,
  at: actEntry.publishedAt,
};
/** The log that the officer saw are its first two entries. */
const log: readonly Entry[] = [
  ...allEntries.filter(({ type }) => type === "log.genesis" || type === "org"),
  keeperEntry,
  late,
];

type Sealed = {
  kind?: Evidence["class"];
  statement?: Partial<Statement>;
  promise?: string | null;
  evidence?: () => Evidence;
};

function sealed({ kind = "A", statement: changes = {}, promise, ...more }: Sealed = {}): Uint8Array {
  const { statement, evidence, version } = parseReceipt(sampleReceipt({ kind, statement: changes }).bytes);
  const isRetract = changes.action === "retract";
  return buildSealedReceipt({
    log: formatVkey(logKey),
    keeper,
    version: encodeJcs(version),
    statement,
    evidence: more.evidence?.() ?? evidence,
    promise: promise !== undefined ? promise : isRetract ? null : promiseOf(statement),
    officer: null,
  });
}

function promiseOf(statement: string, secret = keeperSecret): string {
  return signPromise(
    { origin, statementSha256: statementHash(statement), receivedAt: "2031-05-03T08:00:00.000Z", includeBy },
    secret,
  );
}

function forged(change: (copy: SealedReceipt) => void): Uint8Array {
  const copy = parseSealedReceipt(sealed());
  change(copy);
  return encodeJcs(copy);
}

const retract: Partial<Statement> = { action: "retract", reservations: [], declarationSha256: null };
const signedStatement = parseSealedReceipt(sealed()).statement;
const own: Entry = { ...actEntry, versionSha256: frozen.hashHex, statementSha256: statementHash(signedStatement) };

type Case = {
  exit: number;
  receipt: Uint8Array;
  entries: readonly Entry[];
  retracted?: Uint8Array;
  checkpointOf?: readonly Entry[];
};

const cases: Readonly<Record<string, Case>> = {
  omitted: { exit: 6, receipt: sealed(), entries: log },
  kept: { exit: 0, receipt: sealed(), entries: [...log, own] },
  "not-due": { exit: 5, receipt: sealed(), entries: log.slice(0, -1) },
  "pulled-out": { exit: 4, receipt: sealed(), entries: log, retracted: sealed({ statement: retract }) },
  "pulled-out-by-the-keepers-word": {
    exit: 6,
    receipt: sealed(),
    entries: log,
    retracted: sealed({ kind: "B", statement: retract }),
  },
  "both-by-code": {
    exit: 4,
    receipt: sealed({ kind: "B" }),
    entries: log,
    retracted: sealed({ kind: "B", statement: retract }),
  },
  "pulled-out-elsewhere": {
    exit: 6,
    receipt: sealed(),
    entries: log,
    retracted: sealed({ statement: { ...retract, charterId: "11111111-1111-4111-8111-111111111111" } }),
  },
  "altered-promise_fail": {
    exit: 2,
    receipt: forged((copy) => (copy.promise = copy.promise?.replace("05-05T", "05-04T") ?? null)),
    entries: log,
  },
  "promise-of-another-statement_fail": {
    exit: 2,
    receipt: sealed({ promise: promiseOf("another statement") }),
    entries: log,
  },
  "promise-by-another-keeper_fail": {
    exit: 2,
    receipt: sealed({ promise: promiseOf(signedStatement, ownSecret) }),
    entries: log,
  },
  "keeper-the-log-does-not-name_fail": {
    exit: 2,
    receipt: forged((copy) => {
      copy.keeper = formatVkey(noteKey(keeperName(origin), ed25519.getPublicKey(ownSecret)));
      copy.promise = promiseOf(copy.statement, ownSecret);
    }),
    entries: log,
  },
  "no-promise_fail": { exit: 2, receipt: sealed({ promise: null }), entries: log },
  "altered-text_fail": {
    exit: 2,
    receipt: forged((copy) => (copy.version.title = "Accord on Calmer Networks")),
    entries: log,
  },
  "wrong-signature_fail": {
    exit: 2,
    receipt: sealed({ evidence: () => passkeyEvidence(signedStatement, { secret: ownSecret }) }),
    entries: log,
  },
  "forked-log_fail": { exit: 2, receipt: sealed(), entries: [...log].reverse() },
  "log-cut-short_fail": { exit: 2, receipt: sealed(), entries: log, checkpointOf: [...log, own] },
};

/** The bundles by which verifiers of promises are judged, as file names under `tests/vectors/promises` and their contents. */
export function promiseFiles(): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [name, { exit, receipt, entries, retracted, checkpointOf }] of Object.entries(cases)) {
    const leaves = (checkpointOf ?? entries).map(encodeEntry).map(leafHash);
    files.set(`${name}/sealed-receipt.json`, receipt);
    if (retracted) files.set(`${name}/retracted.json`, retracted);
    files.set(`${name}/entries`, concatBytes(...entries.flatMap((entry) => [encodeEntry(entry), encodeUtf8("\n")])));
    const checkpoint = { origin, size: leaves.length, root: rootOf(leaves) };
    files.set(`${name}/checkpoint`, encodeUtf8(signCheckpoint(checkpoint, logSecretKey)));
    files.set(`${name}/policy.txt`, encodeUtf8(policyText));
    files.set(`${name}/expected.json`, encodeUtf8(`{"exit":${exit}}\n`));
  }
  return files;
}
