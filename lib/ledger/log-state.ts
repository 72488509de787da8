import type { ActEntry } from "./entry.ts";

/** What an audit asks of the entry it reads: where `isTrue` is false, the sentence becomes a finding. */
export type Expect = (isTrue: boolean, sentence: string) => void;

/** A version as the log knows it so far. */
export type LoggedVersion = { readonly sha256: string; readonly isOpen: boolean };

/** A signature that stands: the number of its act, until when, once a withdrawal was lodged, and what it reserves. */
export type Standing = {
  readonly number: number;
  readonly until: string | null;
  readonly reservations: ActEntry["reservations"];
};

/**
 * What a log has said up to the entry that is read. The rules of entries and acts (`entry-rules.ts`, `act-rules.ts`) read it and
 * leave in it what later entries are held against; a rule that needs to remember more adds a map here.
 */
export class LogState {
  /** Ids of the organizations that were verified. */
  readonly organizations = new Set<string>();
  /** Key ids that are enrolled now, with their organization. */
  readonly keys = new Map<string, string>();
  /** By `placeOfVersion`: the text, and whether it is open for signature. */
  readonly versions = new Map<string, LoggedVersion>();
  /** By charter: the number of its latest act. */
  readonly numbers = new Map<string, number>();
  /** By `placeOfNumber`: the acts of and about signatories. */
  readonly acts = new Map<string, ActEntry>();
  /** By `placeOfSignatory`: the signature that stands. */
  readonly standing = new Map<string, Standing>();
  /** By `placeOfSignatory`: the signatures under review. */
  readonly disputed = new Set<string>();
  /** The organizations that have a successor. */
  readonly succeeded = new Set<string>();
  /** By `placeOfVersion`: the proposal of a correction that waits for objections. */
  readonly corrections = new Map<string, { readonly correctedSha256: string | null; readonly publishedAt: string }>();
  /** By `placeOfVersion` and hash: the corrected copies that were published. */
  readonly corrected = new Set<string>();
  /** The charters of which a clause was withheld that they have not told of yet. */
  readonly withheld = new Set<string>();
  /** SHA-256 of the statements that were lodged. */
  readonly statements = new Set<string>();
  /** By `placeOfApproval`: what keys have approved and nothing was made of yet. */
  readonly approvals = new Set<string>();
  /** Ids of the organizations for which only their keys count. */
  readonly keysOnly = new Set<string>();

  /** Acts are numbered per charter from 1 without a gap: an act that was dropped leaves one. */
  countAct(charterId: string, number: number, expect: Expect): void {
    const latest = this.numbers.get(charterId) ?? 0;
    expect(number === latest + 1, `Act ${number} of the charter follows act ${latest}.`);
    this.numbers.set(charterId, Math.max(latest, number));
  }
}

export function placeOfVersion(charterId: string, version: number): string {
  return `${charterId} ${version}`;
}

/** What a key approved: another key, or, with null, that evidence without a key counts again. */
export function placeOfApproval(approver: string, key: string | null): string {
  return `${approver} ${key}`;
}

export function placeOfNumber(charterId: string, number: number | null): string {
  return `${charterId} ${number}`;
}

export function placeOfSignatory({ charterId, version, organizationId }: ActEntry): string {
  return `${charterId} ${version} ${organizationId}`;
}
