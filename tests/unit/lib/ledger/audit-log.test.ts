import { describe, expect, test } from "vitest";
import { auditLog } from "#lib/ledger/audit-log.ts";
import { type ActEntry, type Entry, encodeEntry } from "#lib/ledger/entry.ts";
import { encodeUtf8 } from "#lib/ledger/hash.ts";
import { actEntry, allEntries, keyEntry, organizationId } from "./log-samples.ts";
import { approvedEntries } from "./receipt-samples.ts";

const [genesis, , org, key, opened] = allEntries as [Entry, Entry, Entry, Entry, Extract<Entry, { type: "version" }>];
const sign: ActEntry = { ...actEntry, number: 2 };
const [ownKey, approval, approved] = approvedEntries as [
  Entry,
  Extract<Entry, { type: "approval" }>,
  Extract<Entry, { type: "key" }>,
];
const altered: Entry = { ...approval, statement: approval.statement.replace("nonce 9", "nonce 8") };
const keysOnly = { type: "org", v: 1, action: "keys-only", organizationId, approvedBy: null, at: keyEntry.at } as const;
const byCode = { evidenceClass: "B", key: null } as const;
let statements = 0;
const nonce = () => (statements++).toString(16).padStart(64, "0");
const act = (kind: ActEntry["kind"], number: number, more: Partial<ActEntry> = {}): ActEntry => ({
  ...sign,
  kind,
  number,
  initial: kind === "sign" ? false : null,
  refersTo: kind === "sign" ? null : 2,
  statementSha256: nonce(),
  ...more,
});
/** What keepers say, without a statement of an officer. */
const said = (kind: ActEntry["kind"], number: number, more: Partial<ActEntry> = {}): ActEntry =>
  act(kind, number, {
    by: "operator",
    officerTitle: null,
    officerCommitment: null,
    statementSha256: null,
    evidenceClass: null,
    evidenceSha256: null,
    key: null,
    signedAt: null,
    reservations: [],
    reason: "The extract of the register shows it.",
    ...more,
  });
const heir = "22222222-2222-4222-8222-222222222222";
const verifiedHeir = { ...org, organizationId: heir, legalName: "Harbour Works" } as Entry;
const succeeded = { ...org, action: "succeeded", successorId: heir } as Entry;
const renamed = { ...org, action: "renamed", legalName: "Northlight Society" } as Entry;
const correction = (action: string, number: number, publishedAt: string, text = "c") =>
  ({ ...opened, action, number, correctedSha256: text.repeat(64), publishedAt, reason: "A slip of the pen." }) as Entry;
const withheld = { ...opened, action: "withheld", number: 2, reason: "Personal data" } as Entry;
const redaction = allEntries.find(({ type }) => type === "redact") as Entry;
const soon = "2031-05-05T00:00:00.000Z";
const later = "2031-08-01T00:00:00.000Z";
const narrowed = (number: number) => act("narrow-reservation", number, { reservations: [] });
const endorse = (number: number, text: string) =>
  act("endorse-correction", number, { versionSha256: text.repeat(64), publishedAt: later });
const withdraw = (number: number) => act("withdraw", number, { effectiveAt: soon });
const log = (...entries: readonly Entry[]) => auditLog([genesis, org, key, opened, ...entries].map(encodeEntry));

describe("an honest log has no findings", () => {
  test.each<[string, Entry[]]>([
    ["one signature", [sign]],
    ["withdrawn and signed again", [sign, withdraw(3), act("sign", 4, { publishedAt: later })]],
    ["a notice taken back, and given again", [sign, withdraw(3), act("revoke-withdrawal", 4), withdraw(5)]],
    [
      "reservations narrowed, and what is left re-affirmed",
      [sign, narrowed(3), { ...act("reaffirm", 4), reservations: [] }],
    ],
    ["annulled and signed again", [sign, said("void", 3), act("sign", 4)]],
    ["a key revoked after it signed", [sign, { ...keyEntry, action: "revoked" }]],
    ["disputed, upheld, disputed again", [sign, said("dispute", 3), said("dispute-settled", 4), said("dispute", 5)]],
    ["renamed", [sign, renamed, said("rename", 3, { legalName: "Northlight Society" })]],
    [
      "carried on by a successor, and ended by it",
      [sign, verifiedHeir, succeeded, said("succession", 3), said("lapse", 4)],
    ],
    [
      "a published correction endorsed, and the signature withdrawn after",
      [
        sign,
        correction("correction-proposed", 3, soon),
        correction("corrected", 4, later),
        endorse(5, "c"),
        { ...act("withdraw", 6, { effectiveAt: later, publishedAt: later }) },
      ],
    ],
    [
      "a correction in its time, and another that is refused",
      [
        correction("correction-proposed", 2, soon),
        correction("corrected", 3, later),
        correction("correction-proposed", 4, later, "d"),
        correction("correction-refused", 5, later, "d"),
      ],
    ],
    ["a clause withheld", [redaction, withheld]],
    ["a key named by its domain after it signed", [sign, { ...keyEntry, action: "bound" }]],
    ["a key approved by an enrolled one", approvedEntries],
    ["a code before only keys counted", [{ ...sign, ...byCode }, keysOnly]],
    ["a key after only keys counted", [keysOnly, sign]],
    ["another charter counts by itself", [sign, { ...opened, charterId: organizationId, number: 1 }]],
  ])("%s", (_, entries) => {
    expect(log(...entries)).toEqual([]);
  });
});

describe("what no honest keeper writes is found at its place", () => {
  const other = "11111111-1111-4111-8111-111111111111";
  test.each<[string, Entry[], string, number]>([
    ["an act dropped", [{ ...sign, number: 3 }], "follows act 1", 4],
    ["an act told twice", [sign, sign], "follows act 2", 5],
    ["a second standing signature", [sign, act("sign", 3)], "signed this version already", 5],
    ["a statement used twice", [sign, { ...withdraw(3), statementSha256: sign.statementSha256 }], "used before", 5],
    ["a signature after closing", [{ ...opened, action: "closed", number: 2 }, act("sign", 3)], "not open", 5],
    ["a signature on another text", [{ ...sign, versionSha256: "0".repeat(64) }], "another text", 4],
    [
      "a version that changes its text",
      [{ ...opened, number: 2, versionSha256: "0".repeat(64) }],
      "another text before",
      4,
    ],
    ["a version that follows another text", [{ ...opened, number: 2, version: 2 }], "does not follow", 4],
    [
      "a reservation put in after the signature",
      [sign, act("narrow-reservation", 3, { reservations: [{ clauseId: "cccccccccccc", sha256: "c".repeat(64) }] })],
      "added or moved",
      5,
    ],
    [
      "a reservation that comes back with a re-affirmation",
      [sign, narrowed(3), act("reaffirm", 4)],
      "other reservations than those that stand",
      6,
    ],
    ["a re-affirmation of nothing", [act("reaffirm", 2, { refersTo: 1 })], "does not know", 4],
    ["a signature on an unknown version", [{ ...sign, version: 7 }], "does not know", 4],
    [
      "an organization nobody verified",
      [{ ...sign, organizationId: other, key: null, evidenceClass: "B" }],
      "never verified",
      4,
    ],
    ["a key of another organization", [{ ...sign, organizationId: other }], "not enrolled for the organization", 4],
    ["a key nobody enrolled", [{ ...sign, key: "0".repeat(64) }], "not enrolled", 4],
    ["a revoked key", [{ ...keyEntry, action: "revoked" }, sign], "or was revoked", 5],
    [
      "a key approved by a stranger's",
      [{ ...keyEntry, key: "0".repeat(64), approvedBy: "1".repeat(64) }],
      "that approved",
      4,
    ],
    ["a key whose approval is not there", [ownKey, { ...approved, key: "0".repeat(64) }], "approval of this key", 5],
    ["a key said to be approved by nobody", [{ ...approved, approvedBy: null }], "approval of this key", 4],
    ["an approval by a key that is not enrolled", [approval], "not its own", 4],
    ["an approval whose statement is altered", [ownKey, altered], "another statement", 5],
    ["a code after only keys counted", [keysOnly, { ...sign, ...byCode }], "only its keys count", 5],
    [
      "a rule taken back by nobody",
      [keysOnly, { ...keysOnly, action: "all-evidence", approvedBy: keyEntry.key }],
      "No key of the organization approved",
      5,
    ],
    ["a withdrawal of nothing", [withdraw(2)], "no signature to withdraw", 4],
    [
      "a withdrawal of another's signature",
      [sign, { ...withdraw(3), organizationId: other }],
      "of another organization",
      5,
    ],
    [
      "a notice taken back too late",
      [sign, withdraw(3), act("revoke-withdrawal", 4, { publishedAt: later })],
      "to take back",
      6,
    ],
    ["a dispute of nothing", [said("dispute", 2)], "no signature that this", 4],
    ["a second dispute", [sign, said("dispute", 3), said("dispute", 4)], "disputed already", 6],
    ["a dispute settled that there was not", [sign, said("dispute-settled", 3)], "no dispute to settle", 5],
    [
      "an annulment of what is over",
      [sign, withdraw(3), said("void", 4, { publishedAt: later })],
      "no signature that this",
      6,
    ],
    ["an annulment as the organization's signed word", [sign, act("void", 3)], "No officer signs", 5],
    [
      "a withdrawal in its name that it did not sign",
      [sign, said("withdraw", 3, { by: "organization" })],
      "signed no statement",
      5,
    ],
    ["an annulment without a reason", [sign, said("void", 3, { reason: null })], "has a reason", 5],
    ["a signature moved to a successor nobody named", [sign, said("succession", 3)], "knows no successor", 5],
    ["a successor nobody verified", [succeeded], "not know the successor", 4],
    [
      "a correction at once",
      [correction("correction-proposed", 2, soon), correction("corrected", 3, soon)],
      "could object",
      5,
    ],
    [
      "another text than the one proposed",
      [correction("correction-proposed", 2, soon), correction("corrected", 3, later, "d")],
      "was not proposed",
      5,
    ],
    ["the endorsement of a text that corrects nothing", [sign, endorse(3, "c")], "on another text", 5],
    [
      "the endorsement of a correction that is only proposed",
      [sign, correction("correction-proposed", 3, soon), endorse(4, "c")],
      "on another text",
      6,
    ],
    [
      "the signed text endorsed as if it were a correction",
      [sign, { ...act("endorse-correction", 3) }],
      "on another text",
      5,
    ],
    [
      "an endorsement by an organization that has not signed",
      [
        sign,
        { ...withdraw(3), effectiveAt: soon },
        correction("correction-proposed", 4, soon),
        correction("corrected", 5, later),
        endorse(6, "c"),
      ],
      "no signature that this could be said of",
      8,
    ],
    [
      "a correction that was refused",
      [
        correction("correction-proposed", 2, soon),
        correction("correction-refused", 3, soon),
        correction("corrected", 4, later),
      ],
      "or was refused",
      6,
    ],
    ["a clause withheld without saying which", [withheld], "which clause", 4],
    ["a backdated entry", [{ ...sign, publishedAt: "2031-05-04T09:24:00.000Z" }], "lies before", 4],
    ["a second beginning", [genesis], "one first entry", 4],
  ])("%s", (_, entries, sentence, index) => {
    expect(log(...entries)).toContainEqual({ index, sentence: expect.stringContaining(sentence) });
  });

  test("bytes that are no entry", () => {
    expect(auditLog([encodeEntry(genesis), encodeUtf8("{}")])).toEqual([
      { index: 1, sentence: "This is not a log entry of version 1." },
    ]);
    expect(auditLog([encodeEntry(org)])[0]).toEqual({ index: 0, sentence: "A log has one first entry, at its start." });
  });
});
