import type { ActOrganization, ActPayload } from "./acts.ts";

/** A public act as the list of signatories is computed from it. `versionNumber` is the version the act is about. */
export type PublicAct = {
  readonly actId: string;
  /** Number of the act within its charter, from 1. */
  readonly number: number;
  readonly versionNumber: number;
  /** When the act became public; the order of the record, never earlier than `payload.signedAt`. */
  readonly publishedAt: Date;
  readonly payload: ActPayload;
};

/** One period of an organization on the list: from a signature to its withdrawal, if any. */
export type Signatory = {
  readonly actId: string;
  readonly actNumber: number;
  readonly versionNumber: number;
  /** The organization as it stood when it signed; `id` is constant through renaming. */
  readonly organization: ActOrganization;
  /** True for an initial signatory, false for one that joined later. */
  readonly isInitial: boolean;
  readonly officerTitle: string;
  readonly statementForPublication: string;
  readonly declaration: string;
  readonly evidenceClass: "A" | "A'" | "B" | "C";
  readonly keySha256: string | null;
  readonly statementSha256: string;
  readonly signedAt: Date;
  /** Since when it has stood on the list. */
  readonly listedAt: Date;
  readonly status: "effective" | "withdrawing" | "withdrawn";
  /** Notice and date of withdrawal; null without one, or when the notice was taken back. */
  readonly noticeAt: Date | null;
  readonly withdrawsAt: Date | null;
};

/**
 * The list of signatories as of an instant, computed from the public acts alone: what the list said then, whatever
 * happened since. Withdrawn organizations stay on it with both dates; one that signed again has both periods. Ordered by
 * the number of the signing act. The input may come in any order.
 */
export function signatoriesAsOf(acts: readonly PublicAct[], at: Date): Signatory[] {
  const known = acts.filter((act) => act.publishedAt <= at).sort((left, right) => left.number - right.number);
  const list = new Map<string, Signatory>();
  for (const act of known) {
    const { payload } = act;
    if (payload.kind === "sign") list.set(act.actId, entryOf(act, payload));
    if (payload.kind === "withdraw") {
      change(list, payload.signActId, {
        noticeAt: new Date(payload.signedAt),
        withdrawsAt: new Date(payload.effectiveOn),
      });
    }
    if (payload.kind === "revoke-withdrawal") change(list, payload.signActId, { noticeAt: null, withdrawsAt: null });
  }
  return [...list.values()].map((entry) => ({ ...entry, status: statusAt(entry, at) }));
}

/** How many organizations stand on a list, each counted once; notice of withdrawal counts until its date. */
export function countSignatories(list: readonly Signatory[]): {
  readonly signatories: number;
  readonly withdrawn: number;
} {
  const standing = new Set(list.filter(isStanding).map((entry) => entry.organization.id));
  const gone = new Set(list.map((entry) => entry.organization.id).filter((id) => !standing.has(id)));
  return { signatories: standing.size, withdrawn: gone.size };
}

/** Whether the entry stands: signed, and no withdrawal has taken effect. */
export function isStanding(entry: Signatory): boolean {
  return entry.status !== "withdrawn";
}

/** The last instant of a day (`2027-03-12`) in UTC: what "as of" that day means. */
export function endOfDay(date: string): Date {
  return new Date(`${date}T23:59:59.999Z`);
}

function entryOf(act: PublicAct, payload: Extract<ActPayload, { kind: "sign" }>): Signatory {
  return {
    actId: act.actId,
    actNumber: act.number,
    versionNumber: act.versionNumber,
    organization: payload.organization,
    isInitial: payload.actType === "SIGNATURE",
    officerTitle: payload.officerTitle,
    statementForPublication: payload.statementForPublication,
    declaration: payload.declaration,
    evidenceClass: payload.evidenceClass,
    keySha256: payload.keySha256,
    statementSha256: payload.statementSha256,
    signedAt: new Date(payload.signedAt),
    listedAt: act.publishedAt,
    status: "effective",
    noticeAt: null,
    withdrawsAt: null,
  };
}

function change(list: Map<string, Signatory>, actId: string, dates: Pick<Signatory, "noticeAt" | "withdrawsAt">): void {
  const entry = list.get(actId);
  if (entry) list.set(actId, { ...entry, ...dates });
}

function statusAt(entry: Signatory, at: Date): Signatory["status"] {
  if (entry.withdrawsAt === null) return "effective";
  return entry.withdrawsAt <= at ? "withdrawn" : "withdrawing";
}
