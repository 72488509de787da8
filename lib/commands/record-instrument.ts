import { randomUUID } from "node:crypto";
import { z } from "zod";
import { entryOfAct, unconfirmedDomain } from "#lib/data/act-entry.ts";
import { insertAct, loadVersionOfEntry, publishAct } from "#lib/data/acts.ts";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { requireOtherEvidence } from "#lib/data/evidence-rule.ts";
import { insertPromise } from "#lib/data/lodging.ts";
import { latestCheckpoint } from "#lib/data/log.ts";
import { effectIfDue, type LockedVersion, lockVersion } from "#lib/data/open-version.ts";
import { findActiveSignature } from "#lib/data/signatures.ts";
import { tellAdminsOfInstrument } from "#lib/data/signing-mail.ts";
import { requireMayJoin } from "#lib/data/signing-version.ts";
import { holdUnnamed } from "#lib/data/slugs.ts";
import { requireVerified } from "#lib/data/standing.ts";
import { isUniqueViolation, type Tx, transaction } from "#lib/data/store.ts";
import type { ActOrganization, ActPayload } from "#lib/domain/acts.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter, requirePerson } from "#lib/domain/rights.ts";
import { AlreadySigned, actTypeOf } from "#lib/domain/signature.ts";
import { isPublicState } from "#lib/domain/version-status.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";
import { evidenceHash, type InstrumentEvidence, verifyEvidence } from "#lib/ledger/evidence.ts";
import { Line, Lines } from "#lib/ledger/fields.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { appearanceHash, formatStatement, officerCommitment, statementHash } from "#lib/ledger/statement.ts";

/** How long after it was written the statement of an instrument could be recorded; it is recorded at once. */
const recordedWithinMs = 60_000;

export const RecordInstrument = z.strictObject({
  instrumentId: RowId,
  organizationId: RowId,
  officerName: Line.max(200),
  officerTitle: Line.max(200),
  /** The day on which the instrument arrived, in UTC. */
  receivedOn: z.iso.date(),
  statementForPublication: z.union([z.literal(""), Lines.max(500)]).default(""),
});
export type RecordInstrument = z.input<typeof RecordInstrument>;

/** A signature taken from an instrument. */
export type RecordedInstrument = { readonly actId: string; readonly isSealed: boolean };

/**
 * Records a signature that came as an instrument on paper or by mail, by the depositary, who examined it. No key of the
 * organization stands behind it: it is shown everywhere as recorded by the keeper, with the hash of the scan. The organization's
 * admins are told, and can dispute it. Safe to retry: an instrument is recorded once.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, not-verified, version-closed, malformed; evidence-invalid when only
 *   keys of the organization count; already-signed as `AlreadySigned`.
 */
export async function recordInstrument(ctx: Context, raw: RecordInstrument): Promise<RecordedInstrument> {
  const input = RecordInstrument.parse(raw);
  const recorded = await transaction(ctx.db, async (tx) => {
    // Held to the end: of two who press at once the second finds the act of the first.
    await tx.$queryRaw`SELECT 1 FROM instrument WHERE id = ${input.instrumentId}::uuid FOR UPDATE`;
    const scan = await tx.instrument.findUnique({
      where: { id: input.instrumentId },
      select: { versionId: true, sha256: true, actId: true },
    });
    if (!scan) throw new Refusal("not-found", "The scan is no longer there. Choose the file again.");
    const version = await lockVersion(tx, scan.versionId, "share");
    const { person } = requireOnCharter(ctx.actor, "record-instrument", await loadCharter(tx, version.charterId));
    const isSealed = !isPublicState(version.state);
    if (scan.actId !== null) return { actId: scan.actId, isSealed, versionId: version.id };
    await holdUnnamed(tx, [input.organizationId]);
    const organization = await requireVerified(tx, input.organizationId, ctx.now);
    await requireMayJoin(tx, person, version, organization);
    await requireOtherEvidence(tx, organization.id);
    const evidence = evidenceOf(input, encodeHex(scan.sha256), ctx.now);
    const salt = ctx.random(new Uint8Array(32));
    const statement = await writeStatement(tx, ctx, { version, organization, input, salt, evidence });
    verifyEvidence(statement, evidence);
    const payload = payloadOf({ version, organization, input, salt, statement, now: ctx.now });
    if (isSealed) await requireFitsLog(tx, version, payload, evidence, ctx.now);
    const actId = await insertAct(tx, {
      charterId: version.charterId,
      versionId: version.id,
      organizationId: organization.id,
      userId: person.userId,
      at: ctx.now,
      payload,
    });
    await tx.actEvidence.create({
      data: {
        actId,
        statement,
        statementSha256: Uint8Array.from(Buffer.from(statementHash(statement), "hex")),
        nonce: Uint8Array.from(Buffer.from(nonceOf(statement), "hex")),
        evidenceClass: "C",
        evidence,
      },
    });
    await tx.officerIdentity.create({ data: { actId, name: input.officerName, salt: Uint8Array.from(salt) } });
    await tx.instrument.update({ where: { id: input.instrumentId }, data: { actId } });
    await insertPromise(tx, ctx, { actId, statementSha256: statementHash(statement), version });
    await enter(tx, { version, organization, actId, isSealed, payload, userId: person.userId, now: ctx.now });
    await tellAdminsOfInstrument(tx, version, organization.id, actId);
    if (!isSealed) await publishAct(tx, actId, ctx.now);
    return { actId, isSealed, versionId: version.id };
  }).catch(async (error: unknown) => {
    // An officer signed at the same time, and the index let that one in.
    if (!isUniqueViolation(error)) throw error;
    throw (await findEarlier(ctx, input)) ?? error;
  });
  // As after every signature. If we die here the clock does it.
  if (!recorded.isSealed) await effectIfDue(ctx.db, recorded.versionId, ctx.now);
  return { actId: recorded.actId, isSealed: recorded.isSealed };
}

type Evidence = z.infer<typeof InstrumentEvidence>;

function evidenceOf({ receivedOn }: RecordInstrument, instrumentSha256: string, now: Date): Evidence {
  const receivedAt = `${receivedOn}T00:00:00.000Z`;
  if (Date.parse(receivedAt) <= now.getTime()) return { class: "C", instrumentSha256, receivedAt };
  throw new Refusal("malformed", "The instrument cannot have arrived in the future.");
}

/** The same lines as an officer signs. Nobody signs them here; the mandate is the one that the instrument shows. */
async function writeStatement(
  tx: Tx,
  ctx: Context,
  given: {
    version: LockedVersion;
    organization: ActOrganization;
    input: z.output<typeof RecordInstrument>;
    salt: Uint8Array;
    evidence: Evidence;
  },
): Promise<string> {
  const { version, organization, input, salt, evidence } = given;
  const head = await latestCheckpoint(tx);
  return formatStatement({
    origin: ctx.site.logOrigin,
    action: "sign",
    charterId: version.charterId,
    charterTitle: version.title,
    version: version.number,
    versionSha256: version.sha256Hex,
    organizationId: organization.id,
    organizationName: organization.legalName,
    organizationDomain: organization.domain ?? unconfirmedDomain,
    organizationKey: null,
    officerTitle: input.officerTitle,
    officerCommitment: officerCommitment(salt, { name: input.officerName }),
    mandate: { id: randomUUID(), from: evidence.receivedAt, to: null },
    reservations: [],
    declarationSha256: null,
    appearanceSha256: appearanceHash({
      country: organization.country,
      class: organization.class,
      sector: organization.sector === "" ? null : organization.sector,
      statement: input.statementForPublication === "" ? null : input.statementForPublication,
    }),
    publishNotBefore: version.state === "OPEN_SEALED" ? (version.opensAt?.toISOString() ?? null) : null,
    expires: new Date(ctx.now.getTime() + recordedWithinMs).toISOString(),
    log: { origin: ctx.site.logOrigin, size: Number(head.size), root: head.root },
    nonce: encodeHex(ctx.random(new Uint8Array(16))),
  });
}

function payloadOf(given: {
  version: LockedVersion;
  organization: ActOrganization;
  input: z.output<typeof RecordInstrument>;
  salt: Uint8Array;
  statement: string;
  now: Date;
}): Extract<ActPayload, { kind: "sign" }> {
  const { version, organization, input, salt, statement, now } = given;
  return {
    kind: "sign",
    actType: actTypeOf(version, now),
    organization,
    versionSha256: version.sha256Hex,
    officerTitle: input.officerTitle,
    officerCommitment: officerCommitment(salt, { name: input.officerName }),
    statementSha256: statementHash(statement),
    evidenceClass: "C",
    keySha256: null,
    signedAt: now.toISOString(),
    statementForPublication: input.statementForPublication,
    declaration: "",
  };
}

function nonceOf(statement: string): string {
  return /^nonce ([0-9a-f]{32})$/m.exec(statement)?.[1] ?? "";
}

/** The refusal that names the signature which stands already. */
async function findEarlier(
  ctx: Context,
  input: Pick<RecordInstrument, "instrumentId" | "organizationId">,
): Promise<AlreadySigned | undefined> {
  const scan = await ctx.db.instrument.findUnique({ where: { id: input.instrumentId }, select: { versionId: true } });
  const userId = requirePerson(ctx.actor).userId;
  const earlier = scan && (await findActiveSignature(ctx.db, scan.versionId, input.organizationId, userId));
  return earlier ? new AlreadySigned(earlier) : undefined;
}

async function enter(
  tx: Tx,
  given: {
    version: LockedVersion;
    organization: ActOrganization;
    actId: string;
    isSealed: boolean;
    payload: Extract<ActPayload, { kind: "sign" }>;
    userId: string;
    now: Date;
  },
): Promise<void> {
  const { version, organization, actId, isSealed, payload, userId, now } = given;
  // A signature by an officer that is committed is found; one that is not yet holds the index, and ours waits for it there.
  const earlier = await findActiveSignature(tx, version.id, organization.id, userId);
  if (earlier) throw new AlreadySigned(earlier);
  await tx.signature.create({
    data: {
      versionId: version.id,
      organizationId: organization.id,
      signActId: actId,
      status: isSealed ? "SEALED" : "EFFECTIVE",
      initial: payload.actType === "SIGNATURE",
      signedAt: now,
      effectiveAt: isSealed ? null : now,
    },
  });
}

/** An entry that is too large must be refused now, not at the launch. */
async function requireFitsLog(
  tx: Tx,
  version: LockedVersion,
  payload: ActPayload,
  evidence: Evidence,
  now: Date,
): Promise<void> {
  encodeEntry(
    entryOfAct(payload, {
      version: await loadVersionOfEntry(tx, version.id),
      number: 1_000_000_000,
      refersTo: null,
      evidenceSha256: evidenceHash(evidence),
      at: now,
      publishedAt: now,
    }),
  );
}
