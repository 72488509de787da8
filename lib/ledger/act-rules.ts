import type { ActEntry, ActKind } from "./entry.ts";
import { formatJcs } from "./jcs.ts";
import {
  type Expect,
  type LogState,
  placeOfNumber,
  placeOfSignatory,
  placeOfVersion,
  type Standing,
} from "./log-state.ts";
import type { StatementAction } from "./statement.ts";

/** What holds for one kind of act. */
export type ActRule = {
  /** The action of the officer's statement; null where the act has no statement of an officer. */
  readonly action: StatementAction | null;
  /** What the act must find in the log so far, and what it leaves there. Everything common to all acts was checked before. */
  readonly apply: (entry: ActEntry, log: LogState, expect: Expect) => void;
};

/** One row for each kind of act, for every reader: the audit of a log, receipts and exports. */
export const actRules: Readonly<Record<ActKind, ActRule>> = {
  sign: { action: "sign", apply: sign },
  withdraw: { action: "withdraw", apply: withdraw },
  "revoke-withdrawal": { action: "revoke-withdrawal", apply: revokeWithdrawal },
  "narrow-reservation": { action: "narrow-reservation", apply: narrow },
  reaffirm: { action: "reaffirm", apply: reaffirm },
  "endorse-correction": { action: "endorse-correction", apply: reaffirm },
  dispute: { action: null, apply: dispute },
  "dispute-settled": { action: null, apply: settle },
  void: { action: null, apply: end },
  lapse: { action: null, apply: end },
  succession: { action: null, apply: succeed },
  rename: { action: null, apply: findSubject },
};

function sign(entry: ActEntry, log: LogState, expect: Expect): void {
  const version = log.versions.get(placeOfVersion(entry.charterId, entry.version));
  expect(version?.isOpen === true, "The version was not open for signature.");
  const place = placeOfSignatory(entry);
  const standing = log.standing.get(place);
  const isOver = standing?.until ? standing.until <= entry.publishedAt : standing === undefined;
  expect(isOver, "The organization has signed this version already.");
  log.standing.set(place, { number: entry.number, until: null, reservations: entry.reservations });
}

function withdraw(entry: ActEntry, log: LogState, expect: Expect): void {
  const standing = findSubject(entry, log, expect);
  expect(standing !== undefined && standing.until === null, "There is no signature to withdraw.");
  expect(entry.effectiveAt !== null, "A withdrawal has a date.");
  if (standing)
    log.standing.set(placeOfSignatory(entry), { ...standing, until: entry.effectiveAt ?? entry.publishedAt });
}

function revokeWithdrawal(entry: ActEntry, log: LogState, expect: Expect): void {
  const standing = findSubject(entry, log, expect);
  const isPending = standing?.until ? standing.until > entry.publishedAt : false;
  expect(isPending, "There is no notice of withdrawal to take back.");
  expectSameReservations(entry, standing, expect);
  if (standing) log.standing.set(placeOfSignatory(entry), { ...standing, until: null });
}

/** What is left of the reservations: of the same clauses, fewer or in other words, and never of another one. */
function narrow(entry: ActEntry, log: LogState, expect: Expect): void {
  const standing = findStanding(entry, log, expect);
  const reserved = new Set(standing?.reservations.map(({ clauseId }) => clauseId));
  const isPart = entry.reservations.every(({ clauseId }) => reserved.has(clauseId));
  expect(isPart, "A reservation was added or moved to another clause after the signature.");
  if (standing) log.standing.set(placeOfSignatory(entry), { ...standing, reservations: entry.reservations });
}

function reaffirm(entry: ActEntry, log: LogState, expect: Expect): void {
  expectSameReservations(entry, findStanding(entry, log, expect), expect);
}

/** An act that leaves the signature as it is repeats what it reserves, or it would say something else of it. */
function expectSameReservations(entry: ActEntry, standing: Standing | undefined, expect: Expect): void {
  const isSame = !standing || formatJcs(entry.reservations) === formatJcs(standing.reservations);
  expect(isSame, "The act names other reservations than those that stand.");
}

function end(entry: ActEntry, log: LogState, expect: Expect): void {
  findStanding(entry, log, expect);
  log.standing.delete(placeOfSignatory(entry));
  log.disputed.delete(placeOfSignatory(entry));
}

function dispute(entry: ActEntry, log: LogState, expect: Expect): void {
  findStanding(entry, log, expect);
  expect(!log.disputed.has(placeOfSignatory(entry)), "The signature is disputed already.");
  log.disputed.add(placeOfSignatory(entry));
}

function settle(entry: ActEntry, log: LogState, expect: Expect): void {
  findSubject(entry, log, expect);
  expect(log.disputed.delete(placeOfSignatory(entry)), "There is no dispute to settle.");
}

function succeed(entry: ActEntry, log: LogState, expect: Expect): void {
  findStanding(entry, log, expect);
  expect(log.succeeded.has(entry.organizationId), "The log knows no successor of the organization.");
}

/** The same as `findSubject`, for what can only be said of a signature that stands. */
function findStanding(entry: ActEntry, log: LogState, expect: Expect): Standing | undefined {
  const standing = findSubject(entry, log, expect);
  const isOver = !standing || (standing.until !== null && standing.until <= entry.publishedAt);
  expect(!isOver, "There is no signature that this could be said of.");
  return standing;
}

/** The act that this one is about must be known and of the same organization. Returns the signature that stands, if any. */
function findSubject(entry: ActEntry, log: LogState, expect: Expect): Standing | undefined {
  const subject = log.acts.get(placeOfNumber(entry.charterId, entry.refersTo));
  expect(subject !== undefined, "The act changes an act that the log does not know.");
  const isOwn = !subject || subject.organizationId === entry.organizationId;
  expect(isOwn, "The act changes an act of another organization.");
  return log.standing.get(placeOfSignatory(entry));
}
