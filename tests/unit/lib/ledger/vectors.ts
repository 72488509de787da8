import { ed25519 } from "@noble/curves/ed25519.js";
import { cosignCheckpoint, signCheckpoint } from "#lib/ledger/checkpoint.ts";
import { type ActEntry, type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { decodeUtf8, encodeHex, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs, formatJcs } from "#lib/ledger/jcs.ts";
import { leafHash, nodeHash, rootOf } from "#lib/ledger/merkle.ts";
import { signPromise } from "#lib/ledger/promise.ts";
import { parseReceipt, type Receipt } from "#lib/ledger/receipt.ts";
import { formatVkey, noteKey, signNote } from "#lib/ledger/signed-note.ts";
import { statementHash } from "#lib/ledger/statement.ts";
import { actEntry, allEntries, keyEntry, logSecretKey, organizationId, origin } from "./log-samples.ts";
import {
  approvedEntries,
  changed,
  changeOf,
  correctedCopy,
  endorsementOf,
  frozen,
  keeperSecret,
  keyStatement,
  ownSecret,
  passkeyEvidence,
  policyText,
  type SampleChanges,
  sampleReceipt,
  signedKey,
  site,
} from "./receipt-samples.ts";

/**
 * The worked examples of FORMAT.md and the bundles by which verifiers are judged, as file names under `tests/vectors`
 * and their contents. The files are frozen: if what is made here differs from them, the format has changed.
 */
export function vectorFiles(): Map<string, Uint8Array> {
  const files = new Map(Object.entries(examples()).map(([name, text]) => [`examples/${name}`, encodeUtf8(text)]));
  for (const { name, receipt, policy, exit } of bundles()) {
    files.set(`bundles/${name}/receipt.json`, receipt);
    files.set(`bundles/${name}/policy.txt`, encodeUtf8(policy));
    files.set(`bundles/${name}/expected.json`, encodeUtf8(`{"exit":${exit}}\n`));
  }
  return files;
}

function examples(): Record<string, string> {
  const { statement, leaves } = sampleReceipt();
  const [first, second, third, fourth] = leaves.map(encodeHex);
  const [a, b, c, d] = leaves;
  const none: Uint8Array = new Uint8Array();
  const node = (left = none, right = none) => nodeHash(left, right);
  return {
    "canonical-version.json": decodeUtf8(frozen.bytes),
    "canonical-version.sha256": `${frozen.hashHex}\n`,
    "clause-hashes.json": formatJcs(frozen.clauseHashes),
    "statement.txt": statement,
    "statement.sha256": `${statementHash(statement)}\n`,
    "tree.txt": `leaf 0 ${first}\nleaf 1 ${second}\nleaf 2 ${third}\nleaf 3 ${fourth}\nnode 0-1 ${encodeHex(node(a, b))}\nnode 2-3 ${encodeHex(node(c, d))}\nroot ${encodeHex(rootOf(leaves))}\n`,
    "checkpoint.txt": signCheckpoint({ origin, size: leaves.length, root: rootOf(leaves) }, logSecretKey),
    "proof.tlog-proof": parseReceipt(sampleReceipt().bytes).act.proof,
    "promise.txt": signPromise(
      {
        origin,
        statementSha256: statementHash(statement),
        receivedAt: "2031-05-03T08:00:00.000Z",
        includeBy: "2031-05-04T09:40:00.000Z",
      },
      keeperSecret,
    ),
    ...Object.fromEntries(allEntries.map((entry) => [`entry-${entry.type}.json`, decodeUtf8(encodeEntry(entry))])),
    "key-statement.txt": keyStatement,
    "entry-approval.json": formatJcs(approvedEntries[1]),
    "key-approved.json": formatJcs(approvedEntries),
    "org-keys-only.json": decodeUtf8(
      encodeEntry({ type: "org", v: 1, action: "keys-only", organizationId, approvedBy: null, at: keyEntry.at }),
    ),
    "leaves.json": formatJcs(
      allEntries.map((entry) => ({ type: entry.type, leaf: encodeHex(leafHash(encodeEntry(entry))) })),
    ),
  };
}

type Bundle = { name: string; receipt: Uint8Array; policy: string; exit: number };

const witnessSecret = new Uint8Array(32).fill(3);
const witnessKey = noteKey("witness.example", ed25519.getPublicKey(witnessSecret), 4);
const witnessedPolicy = policyText.replace("quorum none", `witness W ${formatVkey(witnessKey)}\nquorum W`);

type VersionEntry = Extract<Entry, { type: "version" }>;

function bundles(): Bundle[] {
  const good = parseReceipt(sampleReceipt().bytes);
  const made = (name: string, exit: number, changes: SampleChanges = {}, policy = policyText): Bundle => {
    return { name, receipt: sampleReceipt(changes).bytes, policy, exit };
  };
  const forged = (name: string, change: (copy: Receipt) => void, exit = 2): Bundle => {
    return { name, receipt: encodeJcs(changed(good, change)), policy: policyText, exit };
  };
  const raw = (name: string, text: string): Bundle => ({
    name,
    receipt: encodeUtf8(text),
    policy: policyText,
    exit: 2,
  });
  const text = formatJcs(good);
  const later = (kind: "withdraw" | "void" | "narrow-reservation" | "reaffirm", effectiveAt: string | null) => {
    return { ...actEntry, versionSha256: frozen.hashHex, number: 2, refersTo: 1, initial: null, kind, effectiveAt };
  };
  /** What keepers say of the signature, without a statement of an officer. */
  const said = (kind: ActEntry["kind"], number: number): ActEntry => ({
    ...actEntry,
    versionSha256: frozen.hashHex,
    number,
    refersTo: 1,
    initial: null,
    kind,
    by: "operator",
    officerTitle: null,
    officerCommitment: null,
    statementSha256: null,
    evidenceClass: null,
    evidenceSha256: null,
    key: null,
    signedAt: null,
    reservations: [],
    appearanceStatement: null,
    reason: "The extract of the register shows it.",
  });
  const ofText = (action: VersionEntry["action"], correctedSha256: string | null): VersionEntry => {
    const opened = allEntries.find((entry) => entry.type === "version");
    if (!opened) throw new Error("There is no entry about a version among the samples.");
    return {
      ...opened,
      action,
      number: 2,
      versionSha256: frozen.hashHex,
      correctedSha256,
      reason: "A slip of the pen.",
    };
  };
  const redaction = allEntries.filter((entry) => entry.type === "redact").slice(0, 1);
  const withNote = (copy: Receipt, note: (old: string) => string): void => {
    for (const logged of [copy.act, ...(copy.key ? [copy.key] : [])]) {
      const end = logged.proof.indexOf("\n\n") + 2;
      logged.proof = logged.proof.slice(0, end) + note(logged.proof.slice(end));
    }
  };
  const cosigned = changed(good, (copy) => {
    withNote(copy, (note) => cosignCheckpoint(note, witnessKey.name, 1_950_000_000, witnessSecret));
  });
  const unsaid = { action: "withdraw" as const, reservations: [], declarationSha256: null };
  const other = "11111111-1111-4111-8111-111111111111";
  const emptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const passkey = (changes: Parameters<typeof passkeyEvidence>[1]): SampleChanges => ({
    evidence: (statement) => passkeyEvidence(statement, changes),
  });
  return [
    { name: "witnessed", receipt: encodeJcs(cosigned), policy: witnessedPolicy, exit: 0 },
    made("not-witnessed", 3),
    made("quorum-not-reached", 3, {}, witnessedPolicy),
    made("own-key", 3, { kind: "A'" }),
    forged("officer-erased", (copy) => (copy.officer = null), 3),
    forged("words-withheld", (copy) => (copy.texts = []), 3),
    made("withdrawn", 4, { later: [later("withdraw", "2032-01-01T00:00:00.000Z")] }),
    made("reason-signed", 3, changeOf("withdraw")),
    made("reason-signed-by-nobody", 3, { ...changeOf("withdraw"), statement: unsaid }),
    made("altered-reason_fail", 2, changeOf("withdraw", { reason: "They were thrown out." })),
    made("reason-left-out_fail", 2, changeOf("withdraw", { reason: null })),
    made("narrowed", 4, { later: [{ ...later("narrow-reservation", null), reservations: [] }] }),
    made("narrowing", 3, changeOf("narrow-reservation")),
    made("narrowing-to-other-words_fail", 2, changeOf("narrow-reservation", { reservations: actEntry.reservations })),
    made("reaffirmed", 3, { later: [later("reaffirm", null)] }),
    made("endorsing", 3, endorsementOf(correctedCopy)),
    made("endorsing-with-the-signed-text_fail", 2, { ...endorsementOf(correctedCopy), version: frozen.bytes }),
    made("endorsing-another-copy_fail", 2, endorsementOf(correctedCopy, { versionSha256: frozen.hashHex })),
    made("endorsed-later", 4, {
      later: [
        ofText("corrected", correctedCopy.hashHex),
        {
          ...later("reaffirm", null),
          kind: "endorse-correction" as const,
          number: 3,
          versionSha256: correctedCopy.hashHex,
        },
      ],
    }),
    made("void", 4, { later: [later("void", null)] }),
    made("disputed", 4, { later: [said("dispute", 2)] }),
    made("dispute-settled", 4, { later: [said("dispute", 2), said("dispute-settled", 3)] }),
    made("succeeded", 4, { later: [said("succession", 2)] }),
    made("lapsed", 4, { later: [said("lapse", 2)] }),
    made("renamed-later", 3, { later: [said("rename", 2)] }),
    made("closed-later", 3, { later: [ofText("closed", null)] }),
    made("correction-proposed", 3, { later: [ofText("correction-proposed", "c".repeat(64))] }),
    made("corrected", 4, { later: [ofText("corrected", "c".repeat(64))] }),
    made("clause-withheld", 4, { later: [...redaction, ofText("withheld", null)] }),
    made("dispute-of-another-organization_fail", 2, { later: [{ ...said("dispute", 2), organizationId: other }] }),
    made("correction-of-another-charter_fail", 2, {
      later: [{ ...ofText("corrected", "c".repeat(64)), charterId: other }],
    }),
    made("key-revoked-later", 3, { later: [{ ...signedKey(), action: "revoked" }] }),
    made("own-key-named-by-its-domain-later", 3, {
      kind: "A'",
      key: { boundBy: "operator", evidenceSha256: null },
      later: [{ ...signedKey("A'"), action: "bound" }],
    }),
    made("step-up-code", 5, { kind: "B" }),
    made("paper", 5, { kind: "C" }),
    made("unknown-key", 5, {}, policyText.replaceAll(/^organization.*\n/gm, "")),
    made("unknown-site", 5, {}, policyText.replace(/^relying-party.*\n/m, "")),
    forged("altered-text_fail", (copy) => (copy.version.title = "Accord on Calmer Networks")),
    forged("altered-reservation-words_fail", (copy) => (copy.texts = ["None."])),
    forged("other-officer_fail", (copy) => (copy.officer = copy.officer && { ...copy.officer, name: "Eve" })),
    forged("enrolment-left-out_fail", (copy) => (copy.key = null)),
    forged("consistency-left-out_fail", (copy) => (copy.consistency = [])),
    forged("later-entry-not-in-log_fail", (copy) => {
      copy.later = [{ entry: later("withdraw", null), proof: copy.act.proof }];
    }),
    made("another-key-revoked-later_fail", 2, { later: [{ ...signedKey("A'"), action: "revoked" }] }),
    made("own-key-by-another-organization_fail", 2, {
      kind: "A'",
      evidence: (statement) => ({
        class: "A'",
        spki: signedKey("A'").spki,
        note: signNote(statement, other, ownSecret),
      }),
    }),
    made("own-key-of-another-statement_fail", 2, {
      kind: "A'",
      evidence: (statement) => ({
        class: "A'",
        spki: signedKey("A'").spki,
        note: signNote(statement.replace("action sign", "action withdraw"), organizationId, ownSecret),
      }),
    }),
    made("own-key-enrolled-for-a-site_fail", 2, { kind: "A'", key: { rpId: site.rpId, origin: site.origin } }),
    forged("log-of-another-key_fail", (copy) => {
      copy.log = formatVkey(noteKey(origin, ed25519.getPublicKey(ownSecret)));
    }),
    forged("checkpoint-by-another-key_fail", (copy) => {
      withNote(
        copy,
        (note) =>
          note.replace(/— .*\n$/, "") +
          signCheckpoint({ origin, size: 4, root: new Uint8Array(32) }, ownSecret).split("\n\n")[1],
      );
    }),
    made("swapped-reservation_fail", 2, { act: { reservations: [] } }),
    made("other-organization_fail", 2, { act: { organizationId: other } }),
    made("other-name_fail", 2, { act: { legalName: "Southdark Limited" } }),
    made("other-version_fail", 2, { act: { version: 2 } }),
    made("other-statement-published_fail", 2, { act: { appearanceStatement: "We panic." } }),
    made("embargo-broken_fail", 2, { act: { publishedAt: "2031-05-04T09:29:59.999Z" } }),
    made("no-mandate_fail", 2, { act: { signedAt: "2030-12-31T00:00:00.000Z" } }),
    made("operator-in-its-name_fail", 2, { act: { by: "operator" } }),
    made("key-of-another-organization_fail", 2, { key: { organizationId: other } }),
    made("key-of-another-site_fail", 2, { key: { origin: "https://evil.example" } }),
    made("forked-log_fail", 2, { statement: { log: { origin, size: 2, root: emptyRoot } } }),
    made("wrong-signature_fail", 2, passkey({ secret: ownSecret })),
    made("no-user-verification_fail", 2, passkey({ flags: 1 })),
    made("framed_fail", 2, passkey({ clientData: { crossOrigin: true } })),
    made(
      "sign-in-assertion_fail",
      2,
      passkey({ rpId: "concordat.example", clientData: { origin: "https://concordat.example" } }),
    ),
    made("registration_fail", 2, passkey({ clientData: { type: "webauthn.create", origin: site.origin } })),
    raw("empty_fail", ""),
    raw("truncated_fail", text.slice(0, -1)),
    raw("final-line-feed_fail", `${text}\n`),
    raw("pretty-printed_fail", JSON.stringify(good, null, 1)),
    raw("key-twice_fail", text.replace('{"act":', '{"act":1,"act":')),
    raw("index-with-zeros_fail", text.replaceAll("index ", "index 00")),
    raw("index-beyond-log_fail", text.replaceAll(/index \d+/g, "index 999")),
    raw("carriage-returns_fail", text.replaceAll("\\n", "\\r\\n")),
    raw("organization-renamed-everywhere_fail", text.replaceAll(organizationId, other)),
  ];
}
