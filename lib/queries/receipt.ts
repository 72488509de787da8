import type { Context } from "#lib/data/context.ts";
import { keysOnlySince } from "#lib/data/evidence-rule.ts";
import { keeperOf } from "#lib/data/keeper.ts";
import { latestCheckpoint, listLeafHashes } from "#lib/data/log.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { listUsableKeys, type UsableKey } from "#lib/data/signing-keys.ts";
import { standingReservations } from "#lib/data/standing-reservations.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { numbered } from "#lib/domain/charter-text.ts";
import { RowId } from "#lib/domain/ids.ts";
import { signatureActKinds, textActKinds } from "#lib/domain/keeper-acts.ts";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import type { Reservation } from "#lib/domain/reservation.ts";
import type { SignatureStatus } from "#lib/domain/signature.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { parseEntry } from "#lib/ledger/entry.ts";
import { Evidence } from "#lib/ledger/evidence.ts";
import { encodeBase64, encodeHex } from "#lib/ledger/hash.ts";
import { buildReceipt, type LoggedBytes } from "#lib/ledger/receipt.ts";
import { buildSealedReceipt } from "#lib/ledger/sealed-receipt.ts";

/** The acts that an officer signs a statement for. */
type SignedPayload = Extract<ActPayload, { kind: LodgingAction }>;

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
  /** The reservations that stand on the signature today, each with its clause. */
  readonly reservations: readonly (Reservation & { readonly number: string; readonly heading: string })[];
  readonly withdrawalNoticeDays: number;
  /** Whether the person can withdraw, pull out or take a notice back for this organization, and with which passkeys. */
  readonly canAct: boolean;
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
  const act = await loadAct(ctx, actId);
  const { actor } = ctx;
  if (actor.kind !== "person") throw new Refusal("not-signed-in", "Sign in to see this receipt.");
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
    reservations: await listReservations(ctx, act),
    withdrawalNoticeDays: act.policy.withdrawalNoticeDays,
    canAct: membership.roles.includes("signing-officer"),
    keys: await listUsableKeys(ctx.db, ctx.site, actor.userId, act.organizationId),
    takesCodes: (await keysOnlySince(ctx.db, act.organizationId)) === null,
  };
}

/**
 * The bytes of `receipt.json`, with all that a verifier needs and no network. For everyone once the act is public; the
 * officer's name goes only to people of the organization.
 *
 * @throws {Refusal} not-found; not-available while no checkpoint covers the entry.
 */
export async function receiptBytes(ctx: Context, actId: string): Promise<Uint8Array> {
  const act = await loadAct(ctx, actId);
  const { actor } = ctx;
  const isOurs = actor.kind === "person" && actor.memberships.some((one) => one.organizationId === act.organizationId);
  if (!act.publication && !isOurs) throw new Refusal("not-found", "There is no such receipt.");
  const head = await latestCheckpoint(ctx.db);
  const logIndex = act.publication?.logIndex ?? null;
  if (logIndex === null || logIndex >= head.size) {
    throw new Refusal(
      "not-available",
      "The proof of this act is made when it is public and the log is signed over it.",
    );
  }
  if (!isOurs && (await ctx.db.redaction.count({ where: { versionId: act.version.id } })) > 0) {
    throw new Refusal(
      "not-available",
      "A clause of this text is withheld, and a receipt carries the whole text: the organization that signed has it.",
    );
  }
  return buildReceipt({
    vkey: await logVkey(ctx),
    checkpoint: head.note,
    leaves: await listLeafHashes(ctx.db, head.size),
    version: act.version.canonical,
    statement: act.statement,
    evidence: act.evidence,
    act: await loadEntry(ctx, logIndex),
    key: await findKeyEntry(ctx, act),
    later: await listLater(ctx, act, head.size),
    texts: textsOf(act.payload),
    officer:
      isOurs && act.officer?.name && act.officer.salt ? { name: act.officer.name, salt: act.officer.salt } : null,
  });
}

/** The words whose hashes the statement carries. */
function textsOf(payload: SignedPayload): string[] {
  return [
    ...("reservations" in payload ? (payload.reservations ?? []).map(({ text }) => text) : []),
    ...(payload.kind === "sign" && payload.declaration !== "" ? [payload.declaration] : []),
  ];
}

/**
 * The bytes of `sealed-receipt.json`: what the organization keeps while there is no receipt, with the keeper's promise, and of a
 * signature that was pulled out. For people of the organization alone.
 *
 * @throws {Refusal} not-found; not-available for an act of which the keeper has promised nothing.
 */
export async function sealedReceiptBytes(ctx: Context, actId: string): Promise<Uint8Array> {
  const act = await loadAct(ctx, actId);
  const { actor } = ctx;
  const isOurs = actor.kind === "person" && actor.memberships.some((one) => one.organizationId === act.organizationId);
  if (!isOurs) throw new Refusal("not-found", "There is no such receipt.");
  if (act.promise === null && act.payload.kind !== "retract") {
    throw new Refusal("not-available", "The keeper promises its publication when the depositary has examined it.");
  }
  return buildSealedReceipt({
    log: await logVkey(ctx),
    keeper: keeperOf(ctx.site).vkey,
    version: act.version.canonical,
    statement: act.statement,
    evidence: act.evidence,
    promise: act.promise,
    officer:
      act.officer?.name && act.officer.salt
        ? { name: act.officer.name, salt: encodeBase64(Uint8Array.from(act.officer.salt)) }
        : null,
  });
}

type SignedAct = Awaited<ReturnType<typeof loadAct>>;

async function loadAct(ctx: Context, actId: string) {
  const row = RowId.safeParse(actId).success
    ? await ctx.db.act.findUnique({
        where: { id: actId },
        include: {
          publication: true,
          evidence: true,
          officer: true,
          countersignature: true,
          charter: { select: { slug: true, policy: true } },
        },
      })
    : null;
  if (!row?.evidence || row.versionId === null || row.organizationId === null) {
    throw new Refusal("not-found", "There is no such receipt.");
  }
  const payload = ActPayload.parse(row.payload);
  if (!("statementSha256" in payload)) throw new Refusal("not-found", "There is no such receipt.");
  const version = await ctx.db.charterVersion.findUniqueOrThrow({ where: { id: row.versionId } });
  return {
    id: row.id,
    charterId: row.charterId,
    slug: row.charter.slug,
    policy: CharterPolicy.parse(row.charter.policy),
    organizationId: row.organizationId,
    payload,
    version,
    publication: row.publication,
    statement: row.evidence.statement,
    evidence: Evidence.parse(row.evidence.evidence),
    signingKeyId: row.evidence.signingKeyId,
    officer: row.officer,
    promise: row.countersignature?.note ?? null,
  };
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

async function loadEntry(ctx: Context, index: bigint): Promise<LoggedBytes> {
  const row = await ctx.db.logEntry.findUniqueOrThrow({ where: { index }, select: { entry: true } });
  return { index: Number(index), bytes: row.entry };
}

/** The key of the log as its first entry states it. */
async function logVkey(ctx: Context): Promise<string> {
  const first = parseEntry((await loadEntry(ctx, 0n)).bytes);
  if (first.type !== "log.genesis") throw new Error("The log does not begin with its genesis entry.");
  return first.vkey;
}

/** The enrolment of the key that signed. */
async function findKeyEntry(ctx: Context, act: SignedAct): Promise<LoggedBytes | null> {
  if (act.payload.keySha256 === null || act.signingKeyId === null) return null;
  const enrolment = await ctx.db.keyEnrolment.findUnique({ where: { signingKeyId: act.signingKeyId } });
  return enrolment && loadEntry(ctx, enrolment.logIndex);
}

/** What the log says of the key after the act: that somebody else vouches for it now, or that it was revoked. */
async function listLaterOfKey(ctx: Context, act: SignedAct, own: bigint, size: bigint): Promise<bigint[]> {
  const { keySha256 } = act.payload;
  if (keySha256 === null) return [];
  const rows = await ctx.db.$queryRaw<{ index: bigint }[]>`
    SELECT index FROM log_entry
    WHERE index > ${own} AND index < ${size} AND act_id IS NULL AND convert_from(entry, 'UTF8')::jsonb->>'type' = 'key'
      AND convert_from(entry, 'UTF8')::jsonb->>'key' = ${keySha256}
    ORDER BY index`;
  return rows.map(({ index }) => index);
}

/** What happened since: later acts about the signature, and what became of its version and its text. */
async function listLater(ctx: Context, act: SignedAct, size: bigint): Promise<LoggedBytes[]> {
  const own = act.publication?.logIndex ?? null;
  if (own === null) return [];
  const rows = await ctx.db.actPublication.findMany({
    where: {
      charterId: act.charterId,
      logIndex: { gt: own, lt: size },
      act: {
        versionId: act.version.id,
        OR: [
          // Of this signature alone: one that was annulled may have been followed by another.
          {
            kind: { in: ["withdraw", "revoke-withdrawal", "narrow-reservation", "reaffirm", ...signatureActKinds] },
            payload: { path: ["signActId"], equals: "signActId" in act.payload ? act.payload.signActId : act.id },
          },
          { kind: { in: ["supersede", "close", ...textActKinds] } },
        ],
      },
    },
    orderBy: { logIndex: "asc" },
    take: 100,
    select: { logIndex: true },
  });
  const withheld = await ctx.db.redaction.findMany({
    where: { versionId: act.version.id, logIndex: { gt: own, lt: size } },
    select: { logIndex: true },
  });
  const indexes = [
    ...rows.flatMap(({ logIndex }) => (logIndex === null ? [] : [logIndex])),
    ...withheld.map(({ logIndex }) => logIndex),
    ...(await listLaterOfKey(ctx, act, own, size)),
  ].sort((left, right) => (left < right ? -1 : 1));
  const entries: LoggedBytes[] = [];
  for (const index of indexes.slice(0, 100)) entries.push(await loadEntry(ctx, index));
  return entries;
}
