import type { Context } from "#lib/data/context.ts";
import { findCorrectedCopy, isEndorsed } from "#lib/data/corrections.ts";
import { keysOnlySince } from "#lib/data/evidence-rule.ts";
import { latestCheckpoint } from "#lib/data/log.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { listUsableKeys, type UsableKey } from "#lib/data/signing-keys.ts";
import { requireStanding } from "#lib/data/standing.ts";
import { standingReservations } from "#lib/data/standing-reservations.ts";
import type { Person } from "#lib/domain/actor.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import { everySignature, type Signatory } from "#lib/domain/signatory-list.ts";
import type { SignatureStatus } from "#lib/domain/signature.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { loadPublicActs } from "./public-acts.ts";
import { loadSignedAct, type SignedAct, type SignedPayload } from "./signed-act.ts";

/** A receipt as its page shows it. */
export type ReceiptView = {
  readonly actId: string;
  readonly payload: SignedPayload;
  readonly organizationId: string;
  readonly charter: { readonly id: string; readonly title: string; readonly slug: string | null };
  readonly version: {
    readonly id: string;
    readonly number: number;
    readonly state: string;
    readonly sha256Hex: string;
  };
  /** What the person may be told who signed; null for people outside the organization and after erasure. */
  readonly officer: string | null;
  readonly statement: string;
  readonly statementSha256: string;
  readonly evidenceClass: string;
  /** The keeper's countersigned promise that the entry will stand in the log. */
  readonly promise: string | null;
  /** Null while the act is sealed or private. */
  readonly publication: {
    readonly number: number;
    readonly notification: string;
    readonly logIndex: number | null;
    readonly publishedAt: Date;
  } | null;
  /** Whether receipt.json is ready: the signer has published a checkpoint over the entry. */
  readonly isProvable: boolean;
  readonly checkpoint: { readonly size: number; readonly root: string };
  /** The signature this is about, as it stands now; null for a retraction. */
  readonly signature: {
    readonly status: SignatureStatus;
    readonly withdrawsAt: Date | null;
    readonly opensAt: Date | null;
    readonly opensZone: string | null;
  } | null;
  /** How the public list has the signature today, void included; null while it is not public. */
  readonly listed: Pick<Signatory, "status" | "mark" | "noticeAt" | "withdrawsAt" | "successorId"> | null;
  /** The reservations that stand on the signature today, each with its clause. */
  readonly reservations: readonly (Reservation & { readonly number: string; readonly heading: string })[];
  /** The published correction of the text that the signature has not endorsed: its hash, and what it changes. Null without one. */
  readonly correction: { readonly sha256Hex: string; readonly comparison: TextComparison } | null;
  readonly withdrawalNoticeDays: number;
  /** Whether the person can withdraw, pull out or take a notice back for this organization, and with which passkeys. */
  readonly canAct: boolean;
  /** The title in which the person signs for the organization today; null without a live mandate, or while the organization cannot sign. */
  readonly capacity: string | null;
  readonly keys: readonly UsableKey[];
  /** False where only keys of the organization count. */
  readonly takesCodes: boolean;
};

/**
 * The receipt of an act that an officer signed, for the people of the organization. To others it does not exist.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function loadReceipt(ctx: Context, actId: string): Promise<ReceiptView> {
  const act = await loadSignedAct(ctx, actId);
  const { actor } = ctx;
  if (actor.kind !== "person") throw new Refusal("not-signed-in", "Sign in to go on.");
  const membership = actor.memberships.find((one) => one.organizationId === act.organizationId);
  if (!membership) throw new Refusal("not-found", "There is no such receipt.");
  const head = await latestCheckpoint(ctx.db);
  const { publication, version } = act;
  return {
    actId: act.id,
    payload: act.payload,
    organizationId: act.organizationId,
    charter: { id: act.charterId, title: version.title, slug: act.slug },
    version: { id: version.id, number: version.number, state: version.state, sha256Hex: encodeHex(version.sha256) },
    officer: act.officer?.name ?? null,
    statement: act.statement,
    statementSha256: act.payload.statementSha256,
    evidenceClass: act.evidence.class,
    promise: act.promise,
    publication: publication && {
      number: publication.number,
      notification: `${publication.notificationNumber}/${publication.notificationYear}`,
      logIndex: publication.logIndex === null ? null : Number(publication.logIndex),
      publishedAt: publication.publishedAt,
    },
    isProvable: publication?.logIndex != null && publication.logIndex < head.size,
    checkpoint: { size: Number(head.size), root: head.root },
    signature: await findSignature(ctx, act.payload, act.id, version),
    listed: await findListed(ctx, act),
    reservations: await listReservations(ctx, act),
    correction: await findCorrection(ctx, act),
    withdrawalNoticeDays: act.policy.withdrawalNoticeDays,
    canAct: membership.roles.includes("signing-officer"),
    capacity: await capacityOf(ctx, actor, act.organizationId),
    keys: await listUsableKeys(ctx.db, ctx.site, actor.userId, act.organizationId, ctx.now),
    takesCodes: (await keysOnlySince(ctx.db, act.organizationId)) === null,
  };
}

async function capacityOf(ctx: Context, person: Person, organizationId: string): Promise<string | null> {
  try {
    return (await requireStanding(ctx.db, person, organizationId, ctx.now)).mandate.title;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function findListed(ctx: Context, { id, payload, charterId }: SignedAct): Promise<ReceiptView["listed"]> {
  const signActId = "signActId" in payload ? payload.signActId : id;
  const acts = (await loadPublicActs(ctx.db, charterId)).filter(
    (act) => act.actId === signActId || ("signActId" in act.payload && act.payload.signActId === signActId),
  );
  const [entry] = everySignature(acts, ctx.now);
  if (!entry) return null;
  const { status, mark, noticeAt, withdrawsAt, successorId } = entry;
  return { status, mark, noticeAt, withdrawsAt, successorId };
}

async function listReservations(
  ctx: Context,
  { id, payload, version }: SignedAct,
): Promise<ReceiptView["reservations"]> {
  const standing = await standingReservations(ctx.db, "signActId" in payload ? payload.signActId : id);
  if (standing.length === 0) return [];
  const clauses = new Map(numbered(parseCanonicalVersion(version.canonical).text.clauses).map((one) => [one.id, one]));
  return standing.map((one) => ({
    ...one,
    number: clauses.get(one.clauseId)?.number ?? "",
    heading: clauses.get(one.clauseId)?.heading ?? "",
  }));
}

async function findCorrection(ctx: Context, { id, payload, version }: SignedAct): Promise<ReceiptView["correction"]> {
  const copy = await findCorrectedCopy(ctx.db, version.id);
  if (!copy || (await isEndorsed(ctx.db, "signActId" in payload ? payload.signActId : id, copy.sha256Hex))) return null;
  const [signed, corrected] = [parseCanonicalVersion(version.canonical), parseCanonicalVersion(copy.canonical)];
  return { sha256Hex: copy.sha256Hex, comparison: compareTexts(signed.text, corrected.text) };
}

async function findSignature(
  ctx: Context,
  payload: SignedPayload,
  actId: string,
  version: { readonly state: string; readonly opensAt: Date | null; readonly opensZone: string | null },
): Promise<ReceiptView["signature"]> {
  const signActId = "signActId" in payload ? payload.signActId : actId;
  const row = await ctx.db.signature.findUnique({
    where: { signActId },
    select: { status: true, withdrawsAt: true },
  });
  if (!row) return null;
  const { opensAt, opensZone } = version;
  return { status: parseSignatureStatus(row.status), withdrawsAt: row.withdrawsAt, opensAt, opensZone };
}
