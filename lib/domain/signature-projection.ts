import type { ActPayload } from "./acts.ts";
import {
  activeSignatureStatuses,
  nextSignatureStatus,
  type SignatureEvent,
  type SignatureStatus,
} from "./signature.ts";

/** An act as it stands in the record, public or not. `publishedAt` is null while it is not. */
export type RecordedAct = {
  readonly id: string;
  readonly versionId: string;
  readonly organizationId: string | null;
  readonly at: Date;
  readonly publishedAt: Date | null;
  readonly payload: ActPayload;
};

/** A row of the table of signatures, as it follows from the acts. */
export type ProjectedSignature = {
  readonly signActId: string;
  readonly versionId: string;
  readonly organizationId: string;
  readonly status: SignatureStatus;
  readonly initial: boolean;
  readonly signedAt: Date;
  readonly effectiveAt: Date | null;
  readonly noticeAt: Date | null;
  readonly withdrawsAt: Date | null;
  readonly reaffirmedAt: Date | null;
};

/**
 * Every signature as it stands at an instant, computed from the acts alone: what the table of signatures says, which is a
 * projection of them and can be made again at any time. The acts may come in any order; of two at one instant the one that
 * stands first here is taken first.
 *
 * @throws {Refusal} conflict when an act has no place where it stands; such acts are never recorded.
 */
export function projectSignatures(acts: readonly RecordedAct[], now: Date): ProjectedSignature[] {
  const rows = new Map<string, ProjectedSignature>();
  for (const { at, apply } of timelineOf(acts).filter((step) => step.at <= now)) {
    reachDates(rows, at);
    apply(rows);
  }
  reachDates(rows, now);
  return [...rows.values()];
}

type Rows = Map<string, ProjectedSignature>;
type Moment = { readonly at: Date; readonly apply: (rows: Rows) => void };

/** What happened and when: an act is one moment, a signature that was sealed first has its publication as another. */
function timelineOf(acts: readonly RecordedAct[]): Moment[] {
  const moments = acts.flatMap((act): Moment[] => {
    const moment: Moment = { at: act.at, apply: (rows) => applyAct(rows, act, acts) };
    const { publishedAt } = act;
    if (act.payload.kind !== "sign" || publishedAt === null) return [moment];
    return [
      moment,
      { at: publishedAt, apply: (rows) => change(rows, act.id, { kind: "publish" }, { effectiveAt: publishedAt }) },
    ];
  });
  return moments.sort((left, right) => left.at.getTime() - right.at.getTime());
}

function applyAct(rows: Rows, act: RecordedAct, acts: readonly RecordedAct[]): void {
  const { payload, at } = act;
  switch (payload.kind) {
    case "sign":
      rows.set(act.id, signed(act, payload, isOpen(acts, act.versionId, at)));
      return;
    case "open":
      // Sealed signatures are published with it; one that is not waits for the depositary from here on.
      for (const row of rows.values()) {
        if (row.versionId === act.versionId && row.status === "SEALED") {
          rows.set(row.signActId, { ...row, status: "LODGED" });
        }
      }
      return;
    case "retract":
      change(rows, activeOf(rows, act), { kind: "retract" });
      return;
    case "return":
      change(rows, payload.signActId, { kind: "return" });
      return;
    case "withdraw": {
      const effectiveOn = new Date(payload.effectiveOn);
      const dates = { noticeAt: at, withdrawsAt: effectiveOn };
      change(rows, payload.signActId, { kind: "notice", effectiveOn, now: at }, dates);
      return;
    }
    case "revoke-withdrawal": {
      const effectiveOn = rows.get(payload.signActId)?.withdrawsAt ?? at;
      const dates = { noticeAt: null, withdrawsAt: null };
      change(rows, payload.signActId, { kind: "revoke-notice", effectiveOn, now: at }, dates);
      return;
    }
    case "dispute":
      change(rows, payload.signActId, { kind: "dispute" });
      return;
    case "dispute-settled": {
      const effectiveOn = rows.get(payload.signActId)?.withdrawsAt ?? null;
      change(rows, payload.signActId, { kind: "settle", effectiveOn, now: at });
      return;
    }
    case "void":
      change(rows, payload.signActId, { kind: "annul" });
      return;
    case "lapse":
      change(rows, payload.signActId, { kind: "lapse" });
      return;
    case "succession":
      change(rows, payload.signActId, { kind: "succeed" });
      return;
    case "reaffirm": {
      const row = rows.get(payload.signActId);
      if (row) rows.set(row.signActId, { ...row, reaffirmedAt: at });
      return;
    }
    default:
      // What is narrowed or said about the text leaves a signature where it stands.
      return;
  }
}

function signed(
  act: RecordedAct,
  payload: Extract<ActPayload, { kind: "sign" }>,
  isPublic: boolean,
): ProjectedSignature {
  return {
    signActId: act.id,
    versionId: act.versionId,
    organizationId: payload.organization.id,
    status: isPublic ? "LODGED" : "SEALED",
    initial: payload.actType === "SIGNATURE",
    signedAt: act.at,
    effectiveAt: null,
    noticeAt: null,
    withdrawsAt: null,
    reaffirmedAt: null,
  };
}

function isOpen(acts: readonly RecordedAct[], versionId: string, at: Date): boolean {
  return acts.some((act) => act.versionId === versionId && act.payload.kind === "open" && act.at <= at);
}

/** The signature of the act's organization that is active: of those the database lets there be one. */
function activeOf(rows: Rows, { versionId, organizationId }: RecordedAct): string {
  const active: readonly string[] = activeSignatureStatuses;
  const found = [...rows.values()].find(
    (row) => row.versionId === versionId && row.organizationId === organizationId && active.includes(row.status),
  );
  return found?.signActId ?? "";
}

function change(rows: Rows, signActId: string, event: SignatureEvent, dates: Partial<ProjectedSignature> = {}): void {
  const row = rows.get(signActId);
  if (row) rows.set(signActId, { ...row, status: nextSignatureStatus(row.status, event), ...dates });
}

function reachDates(rows: Rows, now: Date): void {
  for (const row of rows.values()) {
    if (row.status === "WITHDRAWING" && row.withdrawsAt !== null && row.withdrawsAt <= now) {
      change(rows, row.signActId, { kind: "reach", effectiveOn: row.withdrawsAt, now });
    }
  }
}
