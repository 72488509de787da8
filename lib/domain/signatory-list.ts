import type { ActOrganization, ActPayload } from "./acts.ts";
import type { Reservation } from "./reservation.ts";

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
  /** What it does not accept, as narrowed by then; none is the whole text. */
  readonly reservations: readonly Reservation[];
  /** When it last re-affirmed; null if it never did. */
  readonly reaffirmedAt: Date | null;
  /** The corrected copies that it endorsed, oldest first; its signature stays on the text that was signed. */
  readonly endorsed: readonly { readonly sha256: string; readonly at: Date }[];
  readonly evidenceClass: "A" | "A'" | "B" | "C";
  readonly keySha256: string | null;
  readonly statementSha256: string;
  readonly signedAt: Date;
  /** Since when it has stood on the list. */
  readonly listedAt: Date;
  readonly status: "effective" | "withdrawing" | "withdrawn" | "disputed" | "lapsed" | "void";
  /** Notice and date of withdrawal; null without one, or when the notice was taken back. */
  readonly noticeAt: Date | null;
  readonly withdrawsAt: Date | null;
  /** A dispute under way, the annulment or the end of the signature, with whose word it is; null while there is none. */
  readonly mark: Mark | null;
  /** The organization that carries the signature on; null while it is the one that signed. */
  readonly successorId: string | null;
};

/** What keepers said about a signature, and since when it counts. */
export type Mark = {
  readonly kind: "disputed" | "void" | "lapsed";
  readonly since: Date;
  readonly by: "organization" | "depositary" | "operator";
  readonly reason: string;
};

/**
 * The list of signatories as of an instant, computed from the public acts alone: what the list said then, whatever
 * happened since. Withdrawn organizations stay on it with both dates; one that signed again has both periods. A signature that was
 * entered in error is off it from the act that says so. Ordered by the number of the signing act. The input may come in any order.
 */
export function signatoriesAsOf(acts: readonly PublicAct[], at: Date): Signatory[] {
  return everySignature(acts, at).filter((entry) => entry.status !== "void");
}

/** The same with the signatures that are void, as the list was kept at first: only exports from then are rebuilt with it. */
export function everySignature(acts: readonly PublicAct[], at: Date): Signatory[] {
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
    if (payload.kind === "narrow-reservation") {
      change(list, payload.signActId, { reservations: payload.reservations });
    }
    const marked = marks[payload.kind];
    if (marked && "signActId" in payload && "by" in payload) {
      const { by, reason } = payload;
      change(list, payload.signActId, { mark: { kind: marked, since: act.publishedAt, by, reason } });
    }
    if (payload.kind === "dispute-settled") change(list, payload.signActId, { mark: null });
    if (payload.kind === "succession")
      change(list, payload.signActId, { successorId: payload.successorId, mark: null });
    if (payload.kind === "endorse-correction") {
      const added = { sha256: payload.versionSha256, at: new Date(payload.signedAt) };
      change(list, payload.signActId, { endorsed: [...(list.get(payload.signActId)?.endorsed ?? []), added] });
    }
    if (payload.kind === "reaffirm") change(list, payload.signActId, { reaffirmedAt: new Date(payload.signedAt) });
  }
  return [...list.values()].map((entry) => ({ ...entry, status: statusAt(entry, at) }));
}

/**
 * How many organizations stand on a list, each counted once; notice of withdrawal counts until its date. A disputed signature
 * counts for nothing while it is under review, one that is void never did; an organization and its predecessors are one.
 */
export function countSignatories(list: readonly Signatory[]): {
  readonly signatories: number;
  readonly withdrawn: number;
} {
  const standing = new Set(list.filter(isStanding).map(holderOf));
  const gone = new Set(
    list.flatMap((entry) => (entry.status === "withdrawn" || entry.status === "lapsed" ? [holderOf(entry)] : [])),
  );
  return { signatories: standing.size, withdrawn: [...gone].filter((id) => !standing.has(id)).length };
}

/** Whether the entry stands: signed, undisputed, and neither withdrawn nor otherwise over. */
export function isStanding(entry: Signatory): boolean {
  return entry.status === "effective" || entry.status === "withdrawing";
}

/** Under whose name the entry stands on the list: the successor's, once there is one. */
export function holderOf({ successorId, organization }: Signatory): string {
  return successorId ?? organization.id;
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
    reservations: payload.reservations ?? [],
    reaffirmedAt: null,
    endorsed: [],
    evidenceClass: payload.evidenceClass,
    keySha256: payload.keySha256,
    statementSha256: payload.statementSha256,
    signedAt: new Date(payload.signedAt),
    listedAt: act.publishedAt,
    status: "effective",
    noticeAt: null,
    withdrawsAt: null,
    mark: null,
    successorId: null,
  };
}

const marks: Partial<Record<ActPayload["kind"], Mark["kind"]>> = { dispute: "disputed", void: "void", lapse: "lapsed" };

function change(list: Map<string, Signatory>, actId: string, changed: Partial<Signatory>): void {
  const entry = list.get(actId);
  if (entry) list.set(actId, { ...entry, ...changed });
}

function statusAt({ mark, withdrawsAt }: Signatory, at: Date): Signatory["status"] {
  if (mark && mark.kind !== "disputed") return mark.kind;
  // Notice runs on while the signature is under review.
  if (withdrawsAt !== null && withdrawsAt <= at) return "withdrawn";
  if (mark) return mark.kind;
  return withdrawsAt === null ? "effective" : "withdrawing";
}
