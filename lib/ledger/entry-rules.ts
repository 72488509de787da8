import { actRules } from "./act-rules.ts";
import type { Entry } from "./entry.ts";
import { type Expect, type LogState, placeOfNumber, placeOfVersion } from "./log-state.ts";
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
  approval: (entry, log, expect) =>
    expect(log.organizations.has(entry.organizationId), "The organization was never verified."),
  key: readKey,
  version: readVersion,
  act: readAct,
  redact: () => undefined,
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
}

function readKey(entry: EntryOf<"key">, log: LogState, expect: Expect): void {
  if (entry.action === "revoked") {
    expect(log.keys.get(entry.key) === entry.organizationId, "A key is revoked that was not the organization's.");
    log.keys.delete(entry.key);
    return;
  }
  if (entry.action === "bound") {
    expect(log.keys.get(entry.key) === entry.organizationId, "A key is bound that was not the organization's.");
    return;
  }
  expect(log.organizations.has(entry.organizationId), "A key is enrolled for an organization that was never verified.");
  expect(!log.keys.has(entry.key), "This key is enrolled already.");
  const approver = entry.approvedBy === null ? entry.organizationId : log.keys.get(entry.approvedBy);
  expect(approver === entry.organizationId, "The key that approved this one was not the organization's.");
  log.keys.set(entry.key, entry.organizationId);
}

function readVersion(entry: EntryOf<"version">, log: LogState, expect: Expect): void {
  const place = placeOfVersion(entry.charterId, entry.version);
  const known = log.versions.get(place);
  expect(!known || known.sha256 === entry.versionSha256, "This version had another text before.");
  const before = log.versions.get(placeOfVersion(entry.charterId, entry.version - 1));
  expect(!before || before.sha256 === entry.previous, "This version does not follow the text of the one before it.");
  if (entry.number !== null) log.countAct(entry.charterId, entry.number, expect);
  const opens = entry.action === "opened";
  const closes = ["superseded", "closed", "terminated"].includes(entry.action);
  const isOpen = opens || (!closes && known?.isOpen === true);
  log.versions.set(place, { sha256: entry.versionSha256, isOpen });
}

/** What holds for every act; what its kind adds stands in `actRules`. */
function readAct(entry: EntryOf<"act">, log: LogState, expect: Expect): void {
  log.countAct(entry.charterId, entry.number, expect);
  const version = log.versions.get(placeOfVersion(entry.charterId, entry.version));
  expect(version !== undefined, "The act is on a version that the log does not know.");
  expect(
    version === undefined || version.sha256 === entry.versionSha256,
    "The act is on another text than the version's.",
  );
  expect(log.organizations.has(entry.organizationId), "The act is of an organization that was never verified.");
  if (entry.key !== null) {
    expect(
      log.keys.get(entry.key) === entry.organizationId,
      "The key was not enrolled for the organization, or was revoked.",
    );
  }
  if (entry.statementSha256 !== null) {
    expect(!log.statements.has(entry.statementSha256), "The statement of this act was used before.");
    log.statements.add(entry.statementSha256);
  }
  actRules[entry.kind].apply(entry, log, expect);
  log.acts.set(placeOfNumber(entry.charterId, entry.number), entry);
}
