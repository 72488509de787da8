import { expect, test } from "vitest";
import { isAbout } from "#app/(sign)/_ceremony/confirming.client.ts";
import { encodeBase64 } from "#lib/ledger/hash.ts";
import { formatStatement, reservationHashes, type Statement } from "#lib/ledger/statement.ts";

const id = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;
const hash = (digit: string) => digit.repeat(64);
const [signedText, correctedCopy] = [hash("a"), hash("b")];
const log = { origin: "concordat.example/log", size: 7, root: encodeBase64(new Uint8Array(32)) };
const at = "2027-03-12T09:00:00.000Z";

const endorsement: Statement = {
  origin: log.origin,
  action: "endorse-correction",
  charterId: id("1"),
  charterTitle: "Accord",
  version: 1,
  versionSha256: correctedCopy,
  organizationId: id("2"),
  organizationName: "Northlight GmbH",
  organizationDomain: "northlight.example.org",
  organizationKey: null,
  officerTitle: "General Counsel",
  officerCommitment: hash("c"),
  mandate: { id: id("3"), from: at, to: null },
  reservations: [],
  declarationSha256: null,
  appearanceSha256: hash("d"),
  publishNotBefore: null,
  expires: at,
  log,
  nonce: "0".repeat(32),
};
const draft = {
  versionId: id("4"),
  organizationId: id("2"),
  action: "endorse-correction",
  reservations: [],
} as const;

test.each<[string, Partial<Statement>, boolean]>([
  ["the copy that was checked is taken", {}, true],
  ["the text that was signed is not", { versionSha256: signedText }, false],
  ["any other text is not", { versionSha256: hash("e") }, false],
  ["a signature in its place is not", { action: "sign" }, false],
  ["another organization is not", { organizationId: id("5") }, false],
  ["another log is not", { log: { ...log, size: 8 } }, false],
  ["a reservation where none was shown is not", { reservations: hashesOf("Not this.") }, false],
])("of the statements that a server may write for an endorsement, one that names %s", (_, changed, expected) => {
  expect(isAbout(writtenAs(changed), draft, correctedCopy, log)).toBe(expected);
});

test.each<[string, string[], boolean]>([
  ["exactly those that were shown is taken", ["Only in winter.", "Not abroad."], true],
  ["one less is not", ["Only in winter."], false],
  ["one more is not", ["Only in winter.", "Not abroad.", "Never."], false],
  ["other words in one is not", ["Only in winter.", "Never abroad."], false],
  ["none is not", [], false],
])("of the statements that repeat reservations, in any later act, one that repeats %s", (_, repeated, expected) => {
  for (const action of ["endorse-correction", "reaffirm", "revoke-withdrawal", "narrow-reservation"] as const) {
    const shown = { ...draft, action, reservations: reservationsOf("Only in winter.", "Not abroad.") };
    const written = writtenAs({ action, reservations: hashesOf(...repeated) });
    expect(isAbout(written, shown, correctedCopy, log)).toBe(expected);
  }
});

function reservationsOf(...texts: string[]) {
  return texts.map((text, at) => ({ clauseId: `clause00000${at + 1}`, text }));
}

function hashesOf(...texts: string[]) {
  return reservationHashes(reservationsOf(...texts));
}

function writtenAs(changed: Partial<Statement>) {
  const statement = formatStatement({ ...endorsement, ...changed });
  return {
    preparedId: id("6"),
    statement,
    statementSha256: "",
    expiresAt: new Date(at),
    passkey: null,
    isCarried: false,
    codeSentTo: "mirela@example.org",
  };
}
