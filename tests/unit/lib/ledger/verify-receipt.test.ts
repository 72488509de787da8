import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, test } from "vitest";
import { cosignCheckpoint, signCheckpoint } from "#lib/ledger/checkpoint.ts";
import type { Entry } from "#lib/ledger/entry.ts";
import { decodeUtf8, encodeUtf8 } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";
import { rootOf } from "#lib/ledger/merkle.ts";
import { parsePolicy } from "#lib/ledger/policy.ts";
import { parseReceipt, type Receipt } from "#lib/ledger/receipt.ts";
import { formatVkey, noteKey } from "#lib/ledger/signed-note.ts";
import { verifyReceipt } from "#lib/ledger/verify-receipt.ts";
import { actEntry, organizationId, origin } from "./log-samples.ts";
import {
  changed,
  frozen,
  ownSecret,
  passkeyEvidence,
  policy,
  policyText,
  type SampleChanges,
  sampleReceipt,
  signedKey,
  site,
} from "./receipt-samples.ts";

const { bytes, leaves } = sampleReceipt();
const receipt = parseReceipt(bytes);

const witnessSecret = new Uint8Array(32).fill(3);
const witness = noteKey("witness.example", ed25519.getPublicKey(witnessSecret), 4);

/** The same receipt with a witness's signature on its checkpoint. */
function witnessed(from: Receipt): Receipt {
  const withCosignature = (proof: string): string => {
    const [head = "", body = "", lines = ""] = proof.split("\n\n");
    const note = cosignCheckpoint(`${body}\n\n${lines}`, witness.name, 1_950_000_000, witnessSecret);
    return `${head}\n\n${note}`;
  };
  return changed(from, (copy) => {
    for (const logged of [copy.act, ...(copy.key ? [copy.key] : []), ...copy.later]) {
      logged.proof = withCosignature(logged.proof);
    }
  });
}

const withWitness = parsePolicy(policyText.replace("quorum none", `witness W ${formatVkey(witness)}\nquorum W`));
const later = (more: object): Entry => ({
  ...actEntry,
  versionSha256: frozen.hashHex,
  number: 2,
  refersTo: 1,
  initial: null,
  ...more,
});
const withdrawal = later({ kind: "withdraw", effectiveAt: "2032-01-01T00:00:00.000Z" });
const verdictOf = (changes: SampleChanges) => verifyReceipt(sampleReceipt(changes).bytes, policy);

/** Who vouches for the key of the samples. */
const named = "The keeper found the key named in the DNS of the organization's domain.";

describe("the verdict", () => {
  test("0: valid, when the reader's witness has seen the log", () => {
    expect(verifyReceipt(encodeJcs(witnessed(receipt)), withWitness)).toEqual({
      exit: 0,
      sentence: "Valid: Northlight Cooperative signed version 1.",
      notes: [named],
      act: receipt.act.entry,
    });
  });

  test("3: not witnessed, when no witness is asked for or none has signed", () => {
    expect(verifyReceipt(bytes, policy)).toMatchObject({ exit: 3, sentence: expect.stringContaining("not witnessed") });
    expect(verifyReceipt(bytes, withWitness)).toMatchObject({ exit: 3 });
  });

  test.each<[string, Entry]>([
    ["withdrawn", withdrawal],
    ["disputed", later({ kind: "dispute" })],
    [
      "its text withheld",
      {
        type: "redact",
        v: 1,
        subjectSha256: frozen.hashHex,
        charterId: null,
        clauseId: null,
        reason: "Personal data",
        at: "2031-07-01T00:00:00.000Z",
      },
    ],
  ])("4: valid, and since %s", (_, entry) => {
    expect(verdictOf({ later: [entry] })).toMatchObject({
      exit: 4,
      sentence: expect.stringContaining("since changed"),
    });
  });

  test("4: a signature that was entered in error says so in its first sentence, with whose word and why", () => {
    const annulled = later({ kind: "void", by: "depositary", reason: "The officer meant to sign as a person." });
    expect(verdictOf({ later: [annulled] })).toMatchObject({
      exit: 4,
      sentence:
        "Valid, and since found to be entered in error, void from the start: Northlight Cooperative signed version 1.",
      notes: expect.arrayContaining([
        "Act 2 of 2031-05-04T09:30:00.000Z: entered in error, void from the start, by the depositary. The reason given: The officer meant to sign as a person.",
      ]),
    });
  });

  test("what changed since is told, with its date", () => {
    expect(verdictOf({ later: [withdrawal] }).notes).toEqual([
      "Act 2 of 2031-05-04T09:30:00.000Z: withdraw, effective 2032-01-01T00:00:00.000Z, by the organization.",
      named,
    ]);
  });

  test("a key that was revoked or named by its domain afterwards changes nothing of what it signed, and is told", () => {
    const revoked = verdictOf({ later: [{ ...signedKey(), action: "revoked" }] });
    expect(revoked).toMatchObject({ exit: 3, notes: [expect.stringContaining("what it signed stands"), named] });
    const bound = verdictOf({ key: { boundBy: "operator" }, later: [{ ...signedKey(), action: "bound" }] });
    expect(bound).toMatchObject({
      exit: 3,
      notes: [expect.stringContaining(named), expect.stringMatching("operator")],
    });
    expect(verdictOf({ later: [signedKey()] })).toMatchObject({ exit: 2 });
  });

  test("a key that an enrolled one approved is called so, with the key that did", () => {
    const approvedBy = "a".repeat(64);
    expect(verdictOf({ key: { boundBy: "key", approvedBy } }).notes).toEqual([expect.stringContaining(approvedBy)]);
  });

  test("5: recorded by the keeper, for step-up codes and paper", () => {
    for (const kind of ["B", "C"] as const) {
      expect(verdictOf({ kind })).toMatchObject({
        exit: 5,
        sentence: expect.stringMatching(/^Recorded by the keeper, no key/),
      });
    }
  });

  test("5: what only the keeper recorded and what is void besides does not read like a signature that stands", () => {
    const annulled = later({ kind: "void", by: "depositary", reason: "The officer meant to sign as a person." });
    const { exit, sentence } = verdictOf({ kind: "B", later: [annulled] });
    expect(exit).toBe(5);
    expect(sentence).toMatch(
      /^Recorded by the keeper.*, and since found to be entered in error, void from the start: /,
    );
  });

  test("5: key vouched for by the keeper, when the reader does not know the key, the site, or anything", () => {
    const withoutKey = parsePolicy(policyText.replaceAll(/^organization.*\n/gm, ""));
    const withoutSite = parsePolicy(policyText.replace(/^relying-party.*\n/m, ""));
    expect(verifyReceipt(bytes, withoutKey)).toMatchObject({
      exit: 5,
      sentence: expect.stringContaining("vouched for"),
    });
    expect(verifyReceipt(bytes, withoutSite)).toMatchObject({
      exit: 5,
      sentence: expect.stringContaining(site.origin),
    });
    expect(verifyReceipt(bytes, null)).toMatchObject({ exit: 5, sentence: expect.stringContaining("no policy") });
  });

  test("an organization's own key counts as its passkey does", () => {
    expect(verdictOf({ kind: "A'" })).toMatchObject({ exit: 3 });
  });

  test("a key that only the operator vouched for is called so", () => {
    expect(verdictOf({ key: { boundBy: "operator" } }).notes).toEqual([
      "The key was bound to the organization by the operator's word.",
    ]);
  });

  test("stays when the officer's name is erased", () => {
    const erased = changed(receipt, (copy) => {
      copy.officer = null;
    });
    const verdict = verifyReceipt(encodeJcs(erased), policy);
    expect(verdict).toMatchObject({ exit: 3, notes: [expect.stringContaining("not named"), named] });
    expect(JSON.stringify(erased)).not.toContain("Lindqvist");
  });
});

describe("each thing that is not as it was signed has its own red reason", () => {
  const organization = "11111111-1111-4111-8111-111111111111";
  test.each<[string, SampleChanges, string]>([
    ["the organization", { act: { organizationId: organization } }, "names another organization"],
    ["its name", { act: { legalName: "Southdark" } }, "another name"],
    ["its domain", { act: { domain: "southdark.example.org" } }, "another domain"],
    ["its statement for publication", { act: { appearanceStatement: "We panic." } }, "otherwise than it asked"],
    ["a reservation", { act: { reservations: [] } }, "other reservations"],
    ["the declaration", { act: { declarationSha256: null } }, "another declaration"],
    ["the kind of act", { act: { kind: "withdraw", initial: null } }, "another kind of act"],
    ["the officer's title", { act: { officerTitle: "Intern" } }, "another title"],
    ["the version's hash", { act: { versionSha256: "0".repeat(64) } }, "names another text"],
    ["the version's number", { act: { version: 2 } }, "names another version"],
    ["the statement", { act: { statementSha256: "0".repeat(64) } }, "holds another statement"],
    ["the evidence", { act: { evidenceSha256: "0".repeat(64) } }, "holds other evidence"],
    ["the key", { act: { key: "0".repeat(64) } }, "names another key"],
    ["who acted", { act: { by: "operator" } }, "not the organization's own"],
    ["the embargo", { act: { publishedAt: "2031-05-04T09:29:59.999Z" } }, "before the instant that was signed"],
    ["the order of signing and publishing", { act: { signedAt: "2031-05-05T00:00:00.000Z" } }, "before it was signed"],
    [
      "the statement's expiry",
      { act: { signedAt: "2031-06-02T00:00:00.000Z", publishedAt: "2031-06-03T00:00:00.000Z" } },
      "expired",
    ],
    ["the mandate", { act: { signedAt: "2030-12-31T00:00:00.000Z" } }, "no mandate at that time"],
    [
      "a signature by another key",
      { evidence: (statement) => passkeyEvidence(statement, { secret: ownSecret }) },
      "signature is wrong",
    ],
    [
      "a key enrolled for another organization",
      { key: { organizationId: organization } },
      "enrolled for another organization",
    ],
    ["a key enrolled for another site", { key: { origin: "https://evil.example" } }, "enrolled for another site"],
    ["a key that was revoked, not enrolled", { key: { action: "revoked" } }, "not an enrolment"],
    ["another key's enrolment", { key: { key: "0".repeat(64) } }, "another key was enrolled"],
    [
      "the log the officer saw",
      { statement: { log: { origin, size: 2, root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" } } },
      "not the one that the officer saw",
    ],
    [
      "the log's name",
      {
        statement: {
          log: { origin: "other.example/log", size: 2, root: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" },
        },
      },
      "for another log",
    ],
    [
      "a later entry about another",
      { later: [later({ kind: "withdraw", organizationId: organization })] },
      "about another signature",
    ],
  ])("%s", (_, changes, sentence) => {
    const verdict = verdictOf(changes);
    expect(verdict).toMatchObject({ exit: 2, act: null });
    expect(verdict.sentence).toContain(sentence);
  });

  test.each<[string, (copy: Receipt) => void, string]>([
    [
      "one character of the text",
      (copy) => (copy.version.title = "Accord on Calmer Networks"),
      "not the text that was signed",
    ],
    [
      "the officer's name",
      (copy) => (copy.officer = copy.officer && { ...copy.officer, name: "Eve" }),
      "not the one committed to",
    ],
    ["the words of a reservation", (copy) => (copy.texts[0] = "None."), "not those that were signed"],
    [
      "one later entry left in, its proof gone",
      (copy) => (copy.later = [{ entry: withdrawal, proof: copy.act.proof }]),
      "not in the log",
    ],
    ["the enrolment left out", (copy) => (copy.key = null), "missing or too much"],
    [
      "a log key of the forger's own",
      (copy) => (copy.log = formatVkey(noteKey(origin, ed25519.getPublicKey(ownSecret)))),
      "does not name the log",
    ],
    ["the proof of consistency left out", (copy) => (copy.consistency = []), "not the one that the officer saw"],
  ])("%s", (_, change, sentence) => {
    const verdict = verifyReceipt(encodeJcs(changed(receipt, change)), policy);
    expect(verdict).toMatchObject({ exit: 2, act: null });
    expect(verdict.sentence).toContain(sentence);
  });

  test("a checkpoint signed by a new key of the operator, under the old name", () => {
    const note = signCheckpoint({ origin, size: leaves.length, root: rootOf(leaves) }, ownSecret);
    const forged = changed(receipt, (copy) => {
      for (const logged of [copy.act, ...(copy.key ? [copy.key] : [])])
        logged.proof = `${logged.proof.split("\n\n")[0]}\n\n${note}`;
    });
    expect(verifyReceipt(encodeJcs(forged), policy).sentence).toContain("is not signed by the key");
  });
});

describe("hostile bytes get exit 2 and one sentence", () => {
  const text = decodeUtf8(bytes);
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["NUL", new Uint8Array(100)],
    ["not UTF-8", Uint8Array.of(0xff, 0xfe)],
    ["CRLF", encodeUtf8(text.replaceAll("\\n", "\\r\\n"))],
    ["a final line feed", encodeUtf8(`${text}\n`)],
    ["a byte order mark", encodeUtf8(`\ufeff${text}`)],
    ["pretty-printed", encodeUtf8(JSON.stringify(receipt, null, 2))],
    ["a key twice", encodeUtf8(text.replace('{"act":', '{"act":1,"act":'))],
    ["__proto__", encodeUtf8(text.replace('{"act":', '{"__proto__":{},"act":'))],
    ["index 007", encodeUtf8(text.replaceAll("index ", "index 00"))],
    ["index -1", encodeUtf8(text.replaceAll("index ", "index -"))],
    ["index 2^63", encodeUtf8(text.replaceAll(/index \d+/g, "index 9223372036854775808"))],
    ["an index beyond the log", encodeUtf8(text.replaceAll(/index \d+/g, "index 999"))],
    ["64 hashes", encodeUtf8(text.replace(/index (\d+)/, (all) => all + `\\n${"A".repeat(43)}=`.repeat(64)))],
    ["deep nesting", encodeUtf8("[".repeat(200_000))],
    ["5 MB", new Uint8Array(5_000_000)],
  ])("%s", (_, hostile) => {
    const verdict = verifyReceipt(hostile, policy);
    expect(verdict.exit).toBe(2);
    expect(verdict.sentence).toMatch(/^Invalid: [^\n]{5,200}$/);
  });

  test("truncated at each byte", () => {
    for (let end = 0; end < bytes.length; end += 1) expect(verifyReceipt(bytes.subarray(0, end), policy).exit).toBe(2);
  });
});

test("a receipt shows nobody but the organization and, until erased, its officer", () => {
  expect(receipt.act.entry).toMatchObject({ organizationId, officerTitle: "General Counsel" });
  expect(JSON.stringify(receipt.act)).not.toContain("Lindqvist");
});
