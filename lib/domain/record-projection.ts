import type { ActPayload } from "./acts.ts";
import { nextSignatureStatus, type SignatureEvent, type SignatureStatus } from "./signature.ts";
import type { VersionState } from "./version-status.ts";

/** An act as the projection needs it: public or not, in the order in which they happened. */
export type RecordedAct = {
  readonly actId: string;
  readonly versionId: string | null;
  readonly at: Date;
  /** Null while it is private. */
  readonly publishedAt: Date | null;
  readonly payload: ActPayload;
};

/** Where everything stands that acts tell of; by version id, and by the id of the act of signing. */
export type RecordProjection = {
  readonly versions: ReadonlyMap<string, VersionState>;
  readonly signatures: ReadonlyMap<string, { readonly status: SignatureStatus; readonly successorId: string | null }>;
};

/**
 * Where versions and signatures of a charter stand at an instant, from its acts alone. The columns of the tables say the same; a test
 * holds them against this, so that no status anywhere is more than a projection.
 *
 * A version that is adopted and opens at an instant to come is ADOPTED here, since setting an instant is no act; a signature that is not
 * public is SEALED, also while the depositary examines it.
 */
export function projectRecord(acts: readonly RecordedAct[], at: Date): RecordProjection {
  const versions = new Map<string, VersionState>();
  const signatures = new Map<string, Standing>();
  for (const act of acts) {
    if (act.at > at) continue;
    const state = versionStates[act.payload.kind];
    if (state !== undefined && act.versionId !== null) versions.set(act.versionId, state);
    readSignature(signatures, act, at);
  }
  for (const standing of signatures.values()) {
    const { status, withdrawsAt } = standing;
    const isRunning = status === "WITHDRAWING" || status === "DISPUTED" || status === "SUCCEEDED_BY";
    if (isRunning && withdrawsAt !== null && withdrawsAt <= at) standing.status = "WITHDRAWN";
  }
  return { versions, signatures };
}

const versionStates: Partial<Record<ActPayload["kind"], VersionState>> = {
  freeze: "CANDIDATE",
  "withdraw-text": "WITHDRAWN_TEXT",
  adopt: "ADOPTED",
  open: "OPEN",
  effect: "IN_EFFECT",
  supersede: "SUPERSEDED",
  close: "CLOSED",
};

type Standing = {
  status: SignatureStatus;
  withdrawsAt: Date | null;
  successorId: string | null;
  /** The version and the organization that signed it: what is pulled out names no act. */
  readonly place: string;
};

function readSignature(signatures: Map<string, Standing>, act: RecordedAct, at: Date): void {
  const { payload } = act;
  if (payload.kind === "sign") {
    const isPublic = act.publishedAt !== null && act.publishedAt <= at;
    signatures.set(act.actId, {
      status: isPublic ? "EFFECTIVE" : "SEALED",
      withdrawsAt: null,
      successorId: null,
      place: `${act.versionId} ${payload.organization.id}`,
    });
    return;
  }
  if (payload.kind === "retract") {
    const place = `${act.versionId} ${payload.organization.id}`;
    for (const one of signatures.values()) if (one.place === place && one.status === "SEALED") one.status = "RETRACTED";
  }
  const standing = "signActId" in payload ? signatures.get(payload.signActId) : undefined;
  if (!standing) return;
  if (payload.kind === "withdraw") standing.withdrawsAt = new Date(payload.effectiveOn);
  const event = eventOf(payload, standing, act.at);
  if (event) standing.status = nextSignatureStatus(standing.status, event);
  if (payload.kind === "revoke-withdrawal") standing.withdrawsAt = null;
  if (payload.kind === "succession") standing.successorId = payload.successorId;
}

function eventOf(payload: ActPayload, { withdrawsAt }: Standing, now: Date): SignatureEvent | null {
  switch (payload.kind) {
    case "withdraw":
      return { kind: "notice", effectiveOn: new Date(payload.effectiveOn), now };
    case "revoke-withdrawal":
      return { kind: "revoke-notice", effectiveOn: withdrawsAt ?? now, now };
    case "return":
      return { kind: "return" };
    case "dispute":
      return { kind: "dispute" };
    case "dispute-settled":
      return { kind: "settle", effectiveOn: withdrawsAt, now };
    case "void":
      return { kind: "annul" };
    case "lapse":
      return { kind: "lapse" };
    case "succession":
      return { kind: "succeed" };
    default:
      return null;
  }
}
