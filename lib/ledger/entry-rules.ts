import { actRules } from "./act-rules.ts";
import type { Entry } from "./entry.ts";
import { verifyKeyStatement } from "./key-statement.ts";
import { type Expect, type LogState, placeOfApproval, placeOfNumber, placeOfVersion } from "./log-state.ts";
import { parseVkey } from "./signed-note.ts";

type EntryOf<Type extends Entry["type"]> = Extract<Entry, { type: Type }>;

/** What each type of entry must find in the log so far, and what it leaves there; one row a type. */
const entryRules: {
  readonly [Type in Entry["type"]]: (entry: EntryOf<Type>, log: LogState, expect: Expect) => void;
} = {
  "log.genesis": (entry, _log, expect) =>
    expect(parseVkey(entry.vkey).name === entry.origin, "The key of the log has another name than the log."),
  "log.key": () => undefined,
  org: readOrganization,
  approval: readApproval,
  key: readKey,
  version: readVersion,
  act: readAct,
  redact: ({ charterId }, log) => void log.withheld.add(charterId ?? ""),
  operator: () => undefined,
};

/** Holds one entry against what the log said before it. */
export function applyEntry<Type extends Entry["type"]>(
  entry: EntryOf<Type> & { readonly type: Type },
  log: LogState,
  expect: Expect,
): void {
  entryRules[entry.type](entry, log, expect);
}

function readOrganization(entry: EntryOf<"org">, log: LogState, expect: Expect): void {
  if (entry.action === "verified") log.organizations.add(entry.organizationId);
  expect(log.organizations.has(entry.organizationId), "The organization was never verified.");
  if (entry.action === "succeeded") {
    const isKnown = entry.successorId !== null && log.organizations.has(entry.successorId);
    expect(isKnown, "The log does not know the successor.");
    log.succeeded.add(entry.organizationId);
  }
  if (entry.action === "keys-only") log.keysOnly.add(entry.organizationId);
  if (entry.action !== "all-evidence") return;
  const isApproved = log.approvals.delete(placeOfApproval(entry.approvedBy ?? "", null));
  const isByKey = isApproved && log.keys.get(entry.approvedBy ?? "") === entry.organizationId;
  expect(isByKey, "No key of the organization approved that evidence without one counts again.");
  log.keysOnly.delete(entry.organizationId);
}

/** The signature is checked here and now, so that nobody has to believe the keeper that a key approved something. */
function readApproval(entry: EntryOf<"approval">, log: LogState, expect: Expect): void {
  const { statement } = verifyKeyStatement(entry.statement, entry.evidence);
  const isOwn = statement.organizationId === entry.organizationId && statement.action !== "enrol";
  expect(isOwn && log.keys.get(statement.signedWith) === entry.organizationId, "The key that approves is not its own.");
  log.approvals.add(placeOfApproval(statement.signedWith, statement.key));
}

function readKey(entry: EntryOf<"key">, log: LogState, expect: Expect): void {
  if (entry.action === "revoked") {
    expect(log.keys.get(entry.key) === entry.organizationId, "A key is revoked that was not the organization's.");
    log.keys.delete(entry.key);
    return;
  }
  const approver = entry.approvedBy === null ? entry.organizationId : log.keys.get(entry.approvedBy);
  const isApproved =
    entry.boundBy === "key" && log.approvals.delete(placeOfApproval(entry.approvedBy ?? "", entry.key));
  if (approver !== entry.organizationId) expect(false, "The key that approved this one was not the organization's.");
  else expect(isApproved === (entry.boundBy === "key"), "The approval of this key does not stand in the log.");
  if (entry.action === "bound") {
    expect(log.keys.get(entry.key) === entry.organizationId, "A key is bound that was not the organization's.");
    return;
  }
  expect(log.organizations.has(entry.organizationId), "A key is enrolled for an organization that was never verified.");
  expect(!log.keys.has(entry.key), "This key is enrolled already.");
  log.keys.set(entry.key, entry.organizationId);
}

function readVersion(entry: EntryOf<"version">, log: LogState, expect: Expect): void {
  const place = placeOfVersion(entry.charterId, entry.version);
  const known = log.versions.get(place);
  expect(!known || known.sha256 === entry.versionSha256, "This version had another text before.");
  const before = log.versions.get(placeOfVersion(entry.charterId, entry.version - 1));
  expect(!before || before.sha256 === entry.previous, "This version does not follow the text of the one before it.");
  if (entry.number !== null) log.countAct(entry.charterId, entry.number, expect);
  readCorrection(entry, log, expect);
  const isTold = entry.action !== "withheld" || log.withheld.delete(entry.charterId);
  expect(isTold, "The log does not say which clause was withheld.");
  const opens = entry.action === "opened";
  const closes = ["superseded", "closed", "terminated"].includes(entry.action);
  const isOpen = opens || (!closes && known?.isOpen === true);
  log.versions.set(place, { sha256: entry.versionSha256, isOpen });
}

/** No charter gives its signatories less time than this to object to a correction. */
const objectionMsMin = 7 * 86_400_000;

/** A corrected copy is published as it was proposed, after the time for objections, and by none that was refused. */
function readCorrection(entry: EntryOf<"version">, log: LogState, expect: Expect): void {
  const place = placeOfVersion(entry.charterId, entry.version);
  const proposed = log.corrections.get(place);
  if (entry.action === "correction-proposed") {
    expect(proposed === undefined, "Another correction of this version is under way.");
    log.corrections.set(place, entry);
  } else if (entry.correctedSha256 !== null) {
    const isSame = proposed?.correctedSha256 === entry.correctedSha256;
    expect(isSame, "This correction was not proposed, or was refused.");
    const waited = Date.parse(entry.publishedAt) - Date.parse(proposed?.publishedAt ?? entry.publishedAt);
    const isInTime = !isSame || entry.action !== "corrected" || waited >= objectionMsMin;
    expect(isInTime, "The correction was published before signatories could object.");
    log.corrections.delete(place);
    if (entry.action === "corrected") log.corrected.add(`${place} ${entry.correctedSha256}`);
  }
}

/** What holds for every act; what its kind adds stands in `actRules`. */
function readAct(entry: EntryOf<"act">, log: LogState, expect: Expect): void {
  log.countAct(entry.charterId, entry.number, expect);
  const place = placeOfVersion(entry.charterId, entry.version);
  const version = log.versions.get(place);
  expect(version !== undefined, "The act is on a version that the log does not know.");
  const isCopy = log.corrected.has(`${place} ${entry.versionSha256}`);
  const isOwn = version === undefined || version.sha256 === entry.versionSha256;
  const isSameText = entry.kind === "endorse-correction" ? isCopy : isOwn;
  expect(isSameText, "The act is on another text than the version's.");
  expect(log.organizations.has(entry.organizationId), "The act is of an organization that was never verified.");
  if (entry.key !== null) {
    const isOwnKey = log.keys.get(entry.key) === entry.organizationId;
    expect(isOwnKey, "The key was not enrolled for the organization, or was revoked.");
  }
  if (entry.evidenceClass === "B" || entry.evidenceClass === "C") {
    expect(!log.keysOnly.has(entry.organizationId), "The organization has declared before that only its keys count.");
  }
  const isByStatement = entry.statementSha256 !== null;
  const { action } = actRules[entry.kind];
  const isSigned = action === null ? !isByStatement : isByStatement || entry.by !== "organization";
  expect(
    isSigned,
    action === null
      ? "No officer signs a statement for this act."
      : "The organization signed no statement for this act.",
  );
  expect(entry.by === "organization" || entry.reason !== null, "A keeper's word has a reason.");
  if (entry.statementSha256 !== null) {
    expect(!log.statements.has(entry.statementSha256), "The statement of this act was used before.");
    log.statements.add(entry.statementSha256);
  }
  actRules[entry.kind].apply(entry, log, expect);
  log.acts.set(placeOfNumber(entry.charterId, entry.number), entry);
}
