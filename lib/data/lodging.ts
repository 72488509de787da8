import { randomUUID } from "node:crypto";
import type { Person } from "#lib/domain/actor.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import type { EvidenceInput, LodgeStatement, LodgingAction } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { isPublicState } from "#lib/domain/version-status.ts";
import { type Evidence, evidenceHash, verifyEvidence } from "#lib/ledger/evidence.ts";
import { decodeHex } from "#lib/ledger/hash.ts";
import { keeperName, signPromise } from "#lib/ledger/promise.ts";
import { signNote } from "#lib/ledger/signed-note.ts";
import { parseStatement, type Statement, statementHash } from "#lib/ledger/statement.ts";
import { type SignatoryPayload, signatoryEntry } from "./act-entry.ts";
import { type EntryPlace, type KnownAct, publishKnown } from "./acts.ts";
import { spendChallenge } from "./challenge.ts";
import type { Context } from "./context.ts";
import { requireCorrectedCopy } from "./corrections.ts";
import { requireOtherEvidence } from "./evidence-rule.ts";
import { keeperOf } from "./keeper.ts";
import { type KeyRow, keyEvidenceOf } from "./key-evidence.ts";
import { type LockedVersion, lockVersion } from "./open-version.ts";
import { loadPrepared, type Prepared, spendPrepared } from "./prepared.ts";
import { hasReservations } from "./sealed.ts";
import { readStanding, standingOf } from "./standing.ts";
import { type Tx, transaction } from "./store.ts";

/** A statement that was found in order, inside the transaction that will record it. */
export type Lodging = {
  readonly person: Person;
  readonly prepared: Prepared;
  readonly statement: Statement;
  readonly version: LockedVersion;
  readonly evidence: Evidence;
  /** The organization when it has no public name yet; its row is then held alone. */
  readonly unnamed: KnownAct["unnamed"];
  /** Whether the key stands in the public log. */
  readonly isKeyPublic: boolean;
  /** The fields that every signed act carries. */
  readonly signed: Omit<Extract<ActPayload, { kind: "retract" }>, "kind">;
  readonly now: Date;
};

/** What the caller records: the act's payload, and what follows from the act once it has its id. */
export type Step<T> = {
  readonly payload: ActPayload;
  /** Asked right behind the act itself; publishes it if it is public. */
  record(actId: string): Promise<T>;
};

/**
 * Takes in a prepared and signed statement: everything that was true when it was prepared is checked again in the one
 * transaction that records the act, under locks that keep it true until the commit. Safe to retry: a statement that was
 * lodged already leads to `again` with its act, whether or not the first answer arrived.
 *
 * @throws {Refusal} not-found, expired, wrong-code, not-permitted, not-verified, mandate-missing, mandate-expired,
 *   text-changed, evidence-invalid, and what `step` refuses.
 */
export async function lodge<T>(
  ctx: Context,
  person: Person,
  action: LodgingAction,
  input: LodgeStatement,
  flow: { step(tx: Tx, lodging: Lodging): Promise<Step<T>>; again(actId: string): Promise<T> },
): Promise<T> {
  const prepared = await loadPrepared(ctx.db, input.preparedId, person.userId, action);
  const earlier = prepared.usedAt === null ? undefined : await findLodged(ctx, prepared);
  if (earlier) return flow.again(earlier);
  try {
    // Outside the transaction: a wrong code must stay counted when everything else is rolled back.
    await checkCode(ctx, person, prepared, input.evidence);
    return await transaction(ctx.db, (tx) => lodgeIn(tx, ctx, person, prepared, input.evidence, flow.step));
  } catch (error) {
    const lodged = error instanceof Refusal ? await findLodged(ctx, prepared) : undefined;
    if (lodged) return flow.again(lodged);
    throw error;
  }
}

async function lodgeIn<T>(
  tx: Tx,
  ctx: Context,
  person: Person,
  prepared: Prepared,
  answer: EvidenceInput,
  step: (tx: Tx, lodging: Lodging) => Promise<Step<T>>,
): Promise<T> {
  // Asked in one go, and answered one after the other: each row is held before the next question is looked at.
  const [, version, rows, key] = await Promise.all([
    spendPrepared(tx, prepared, ctx.now),
    lockVersion(tx, prepared.versionId, "share"),
    readStanding(tx, person, prepared.organizationId, true),
    lockKey(tx, prepared, ctx.now),
  ]);
  const statement = parseStatement(prepared.statement);
  // What is endorsed is the copy that corrects the version, not the text that was signed.
  const isEndorsement = statement.action === "endorse-correction";
  const textSha256Hex = isEndorsement ? await requireCorrectedCopy(tx, version.id) : version.sha256Hex;
  requireSameText(statement, textSha256Hex, version, ctx.now);
  const { organization, mandate } = standingOf(rows, prepared.organizationId, ctx.now);
  if (mandate.id !== statement.mandate.id || mandate.title !== statement.officerTitle) {
    throw new Refusal("conflict", "Your signing mandate was changed meanwhile. Start again; nothing was signed.");
  }
  if (organization.legalName !== statement.organizationName) {
    throw new Refusal("conflict", "Your organization was renamed meanwhile. Start again; nothing was signed.");
  }
  const evidence = await makeEvidence(tx, ctx, { prepared, answer, key });
  const lodging: Lodging = {
    person,
    prepared,
    statement,
    version,
    evidence,
    unnamed: rows.organization?.isNamed === false ? { ...rows.organization, organizationId: organization.id } : null,
    isKeyPublic: key?.isPublic ?? false,
    signed: signedFields(prepared, statement, evidence, ctx.now),
    now: ctx.now,
  };
  const { payload, record } = await step(tx, lodging);
  // Pulling out leaves no public trace: to promise its publication would be a promise to break.
  // One with reservations may still be returned; its promise is made when it was examined.
  const isPromised = payload.kind !== "retract" && !hasReservations(payload);
  const promise = isPromised ? promiseOf(ctx, { statementSha256: lodging.signed.statementSha256, version }) : null;
  const actId = randomUUID();
  const [, recorded] = await Promise.all([insertSigned(tx, lodging, { actId, payload, promise }), record(actId)]);
  return recorded;
}

/** The act of a prepared statement that was lodged: its nonce is in one statement only. */
async function findLodged(ctx: Context, prepared: Prepared): Promise<string | undefined> {
  const { nonce } = parseStatement(prepared.statement);
  const row = await ctx.db.actEvidence.findUnique({
    where: { nonce: Uint8Array.from(decodeHex(nonce)) },
    select: { actId: true },
  });
  return row?.actId;
}

async function checkCode(ctx: Context, person: Person, prepared: Prepared, answer: EvidenceInput): Promise<void> {
  const wantsCode = prepared.fields.challengeId !== null;
  if ((answer.class === "B") !== wantsCode)
    throw new Refusal("evidence-invalid", "This statement waits for another kind of confirmation.");
  if (answer.class !== "B" || prepared.fields.challengeId === null) return;
  const { subject } = await spendChallenge(ctx.db, ctx, "step-up", {
    id: prepared.fields.challengeId,
    browser: person.sessionId,
    code: answer.code,
  });
  if (subject !== statementHash(prepared.statement))
    throw new Refusal("evidence-invalid", "The code is for another statement.");
}

function requireSameText(statement: Statement, textSha256Hex: string, version: LockedVersion, now: Date): void {
  if (statement.versionSha256 !== textSha256Hex) {
    throw new Refusal("text-changed", "The text was replaced meanwhile. Nothing was signed; read the new text first.");
  }
  const planned = version.state === "OPEN_SEALED" ? (version.opensAt?.toISOString() ?? null) : null;
  const notBefore = statement.publishNotBefore;
  const isPast = isPublicState(version.state) && notBefore !== null && new Date(notBefore) <= now;
  if (notBefore !== planned && !isPast) {
    throw new Refusal(
      "conflict",
      "The instant of publication was moved meanwhile. Nothing was signed; confirm once more.",
    );
  }
}

async function makeEvidence(
  tx: Tx,
  ctx: Context,
  { prepared, answer, key }: { prepared: Prepared; answer: EvidenceInput; key: KeyRow | undefined },
): Promise<Evidence> {
  if (answer.class === "B") await requireOtherEvidence(tx, prepared.organizationId);
  const evidence = answer.class === "B" ? stepUpEvidence(ctx, prepared.statement) : keyEvidence(key, answer);
  verifyEvidence(prepared.statement, evidence);
  return evidence;
}

/** The live key that the statement was prepared for, held to the commit: its revocation comes before this signature or after it, never between. */
async function lockKey(tx: Tx, prepared: Prepared, now: Date): Promise<LockedKey | undefined> {
  if (prepared.fields.keyId === null) return undefined;
  const [key] = await tx.$queryRaw<LockedKey[]>`
    SELECT kind, spki, credential_id AS "credentialId", rp_id AS "rpId", origin,
           EXISTS (SELECT 1 FROM key_enrolment WHERE signing_key_id = signing_key.id) AS "isPublic"
    FROM signing_key
    WHERE id = ${prepared.fields.keyId}::uuid AND organization_id = ${prepared.organizationId}::uuid
      AND revoked_at IS NULL AND bound_at IS NOT NULL
      AND (signs_from IS NULL OR signs_from <= ${now.toISOString()}::timestamptz)
    FOR SHARE`;
  return key;
}

type LockedKey = KeyRow & { readonly isPublic: boolean };

function keyEvidence(key: KeyRow | undefined, answer: Exclude<EvidenceInput, { class: "B" }>): Evidence {
  if (!key) throw new Refusal("evidence-invalid", "This key is not enrolled for your organization, or was revoked.");
  return keyEvidenceOf(key, answer);
}

function stepUpEvidence(ctx: Context, statement: string): Evidence {
  const keeper = keeperOf(ctx.site);
  return {
    class: "B",
    method: "email-code",
    keeper: keeper.vkey,
    note: signNote(statement, keeperName(ctx.site.logOrigin), keeper.secretKey),
  };
}

function signedFields(prepared: Prepared, statement: Statement, evidence: Evidence, now: Date): Lodging["signed"] {
  return {
    organization: prepared.fields.organization,
    versionSha256: statement.versionSha256,
    officerTitle: statement.officerTitle,
    officerCommitment: statement.officerCommitment,
    statementSha256: statementHash(prepared.statement),
    evidenceClass: evidence.class,
    keySha256: statement.organizationKey,
    signedAt: now.toISOString(),
  };
}

/** How long after the planned instant an entry may be missing before the promise counts as broken. */
const inclusionGraceMs = 24 * 3_600_000;

/** The act, the statement and what shows it, who it was, and the promise: in one question, because every signature asks it. */
async function insertSigned(
  tx: Tx,
  { person, prepared, statement, version, evidence, signed }: Lodging,
  { actId, payload, promise }: { actId: string; payload: ActPayload; promise: string | null },
): Promise<void> {
  const written = ActPayload.parse(payload);
  const at = signed.signedAt;
  const { keyId, officerName } = prepared.fields;
  await tx.$executeRaw`
    WITH the_act AS (
      INSERT INTO act (id, charter_id, version_id, organization_id, user_id, kind, payload, at)
      VALUES (${actId}::uuid, ${version.charterId}::uuid, ${version.id}::uuid, ${prepared.organizationId}::uuid,
              ${person.userId}::uuid, ${written.kind}, ${JSON.stringify(written)}::jsonb, ${at}::timestamptz)
    ), the_officer AS (
      INSERT INTO officer_identity (act_id, name, salt)
      VALUES (${actId}::uuid, ${officerName}, ${Uint8Array.from(prepared.salt)})
    ), the_promise AS (
      INSERT INTO countersignature (act_id, note, created_at)
      SELECT ${actId}::uuid, ${promise}::text, ${at}::timestamptz WHERE ${promise}::text IS NOT NULL
    )
    INSERT INTO act_evidence (act_id, statement, statement_sha256, nonce, evidence_class, evidence, signing_key_id)
    VALUES (${actId}::uuid, ${prepared.statement}, ${Uint8Array.from(decodeHex(signed.statementSha256))},
            ${Uint8Array.from(decodeHex(statement.nonce))}, ${evidence.class}, ${JSON.stringify(evidence)}::jsonb, ${keyId}::uuid)`;
}

/**
 * Makes a signed act public right behind the questions that record it, without waiting for them: all that it says is known here, and the
 * organization's row is held since its standing was read.
 */
export async function publishLodged(
  tx: Tx,
  { prepared, version, evidence, unnamed, isKeyPublic, now }: Lodging,
  actId: string,
  payload: SignatoryPayload,
): Promise<void> {
  const { keyId } = prepared.fields;
  const evidenceSha256 = evidenceHash(evidence);
  const act = {
    id: actId,
    charterId: version.charterId,
    organizationId: prepared.organizationId,
    payload,
    label: version.policy.signatoryLabel,
    version,
    unnamed,
    keyId,
    newKeyId: isKeyPublic ? null : keyId,
    entryOf: (place: EntryPlace) => signatoryEntry(payload, { ...place, version, evidenceSha256 }),
  };
  await publishKnown(tx, act, now);
}

/** The keeper's signed promise that the log will hold the statement, given before it does. */
export async function insertPromise(
  tx: Tx,
  ctx: Context,
  { actId, statementSha256, version }: { actId: string; statementSha256: string; version: LockedVersion },
): Promise<void> {
  await tx.countersignature.create({
    data: { actId, note: promiseOf(ctx, { statementSha256, version }), createdAt: ctx.now },
  });
}

function promiseOf(
  ctx: Context,
  { statementSha256, version }: { statementSha256: string; version: LockedVersion },
): string {
  const from = version.state === "OPEN_SEALED" ? (version.opensAt ?? ctx.now) : ctx.now;
  const promise = {
    origin: ctx.site.logOrigin,
    statementSha256,
    receivedAt: ctx.now.toISOString(),
    includeBy: new Date(Math.max(from.getTime(), ctx.now.getTime()) + inclusionGraceMs).toISOString(),
  };
  return signPromise(promise, keeperOf(ctx.site).secretKey);
}
