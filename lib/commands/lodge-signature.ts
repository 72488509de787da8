import { randomUUID } from "node:crypto";
import { entryOfAct } from "#lib/data/act-entry.ts";
import { loadVersionOfEntry } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, publishLodged, type Step } from "#lib/data/lodging.ts";
import { effectIfDue } from "#lib/data/open-version.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { findActiveSignature } from "#lib/data/signatures.ts";
import { askForExamination } from "#lib/data/signing-mail.ts";
import { requireMayJoin } from "#lib/data/signing-version.ts";
import { isUniqueViolation, type Tx } from "#lib/data/store.ts";
import { membershipIn, type Person } from "#lib/domain/actor.ts";
import type { ActPayload } from "#lib/domain/acts.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { AlreadySigned, actTypeOf, type EarlierSignature, type SignatureStatus } from "#lib/domain/signature.ts";
import { formatDay, isPublicState } from "#lib/domain/version-status.ts";
import { encodeEntry } from "#lib/ledger/entry.ts";

/** A signature as it was taken in: sealed until the opening, or public with its number. */
export type LodgedSignature = {
  readonly actId: string;
  readonly versionId: string;
  readonly organizationId: string;
  readonly isSealed: boolean;
  /** False while it is sealed or the depositary examines its reservations. */
  readonly isPublic: boolean;
};

/**
 * Lodges a prepared and signed statement as the signature of the organization. Safe to retry: a second call with the same
 * statement returns the first signature.
 *
 * @throws {Refusal} not-signed-in, not-found, expired, wrong-code, evidence-invalid, not-permitted, not-verified,
 *   mandate-missing, mandate-expired, version-closed, text-changed, conflict; already-signed as `AlreadySigned`, which
 *   carries the signature that stands.
 */
export async function lodgeSignature(ctx: Context, raw: LodgeStatement): Promise<LodgedSignature> {
  const input = LodgeStatement.parse(raw);
  const person = requirePerson(ctx.actor);
  let mayTakeEffect = true;
  const signature = await lodge(ctx, person, "sign", input, {
    step: (tx, lodging) => {
      // It was held in this state to the commit, and what is in effect stays so.
      mayTakeEffect = lodging.version.state === "OPEN";
      return recordSignature(tx, ctx, lodging);
    },
    again: (actId) => findLodged(ctx, actId),
  }).catch(async (error: unknown) => {
    const earlier = mayMeanSigned(error) ? await findEarlier(ctx, person, input.preparedId) : undefined;
    throw earlier ? new AlreadySigned(earlier) : error;
  });
  // Signers hold the version only for sharing, so this comes after. If we die here the clock does it.
  if (signature.isPublic && mayTakeEffect) await effectIfDue(ctx.db, signature.versionId, ctx.now);
  return signature;
}

/**
 * Whether a lodging may have failed because the organization has signed already: at the same time, or from another page, whose newer
 * code took the place of the one that is tried here. Whoever has signed must not read that nothing is signed.
 */
function mayMeanSigned(error: unknown): boolean {
  if (!(error instanceof Refusal)) return isUniqueViolation(error);
  return error.code === "wrong-code" || error.code === "expired" || error.code === "conflict";
}

async function findEarlier(ctx: Context, person: Person, preparedId: string): Promise<EarlierSignature | undefined> {
  const prepared = await ctx.db.preparedStatement.findUnique({
    where: { id: preparedId, userId: person.userId },
    select: { versionId: true, organizationId: true },
  });
  // A signature may still be sealed: it is named to the people of the organization alone.
  if (!prepared || !membershipIn(person, prepared.organizationId)) return undefined;
  return findActiveSignature(ctx.db, prepared.versionId, prepared.organizationId, person.userId);
}

async function recordSignature(tx: Tx, ctx: Context, lodging: Lodging): Promise<Step<LodgedSignature>> {
  const { person, prepared, version, signed, now } = lodging;
  await requireMayJoin(tx, person, version, prepared.fields.organization);
  const isSealed = !isPublicState(version.state);
  const isPublished = !isSealed && prepared.fields.reservations === undefined;
  const payload: Extract<ActPayload, { kind: "sign" }> = {
    kind: "sign",
    actType: actTypeOf(version, now),
    ...signed,
    statementForPublication: prepared.fields.statementForPublication,
    declaration: prepared.fields.declaration,
    ...(prepared.fields.reservations ? { reservations: prepared.fields.reservations } : {}),
  };
  if (!isPublished) await requireFitsLog(tx, lodging, payload);
  return {
    payload,
    record: async (actId) => {
      await Promise.all([
        // The index lets one of an organization's officers in; the others wait here for that one to commit.
        insertSignature(tx, lodging, actId, {
          status: isSealed ? "SEALED" : isPublished ? "EFFECTIVE" : "LODGED",
          isInitial: payload.actType === "SIGNATURE",
          effectiveAt: isPublished ? now : null,
        }),
        answerInvitations(tx, lodging),
        sendReceipt(tx, ctx, lodging, { actId, isSealed, isPublished }),
        isPublished ? publishLodged(tx, lodging, actId, payload) : undefined,
      ]);
      if (prepared.fields.reservations) {
        await askForExamination(tx, version, prepared.fields.organization.legalName);
      }
      return { actId, versionId: version.id, organizationId: prepared.organizationId, isSealed, isPublic: isPublished };
    },
  };
}

async function insertSignature(
  tx: Tx,
  { prepared, version, now }: Lodging,
  actId: string,
  signature: { readonly status: SignatureStatus; readonly isInitial: boolean; readonly effectiveAt: Date | null },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO signature (id, version_id, organization_id, sign_act_id, status, initial, signed_at, effective_at)
    VALUES (${randomUUID()}::uuid, ${version.id}::uuid, ${prepared.organizationId}::uuid, ${actId}::uuid, ${signature.status},
            ${signature.isInitial}, ${now}::timestamptz, ${signature.effectiveAt}::timestamptz)`;
}

/** A sealed signature whose entry were too large would hold up the launch for everybody: it is refused now instead. */
async function requireFitsLog(tx: Tx, lodging: Lodging, payload: ActPayload): Promise<void> {
  encodeEntry(
    entryOfAct(payload, {
      version: await loadVersionOfEntry(tx, lodging.version.id),
      number: 1_000_000_000,
      refersTo: null,
      evidenceSha256: lodging.signed.statementSha256,
      at: lodging.now,
      publishedAt: lodging.now,
    }),
  );
}

async function answerInvitations(tx: Tx, { person, prepared, version, now }: Lodging): Promise<void> {
  await tx.$executeRaw`
    UPDATE signing_invitation
    SET state = 'SIGNED', organization_id = ${prepared.organizationId}::uuid, answered_at = ${now}::timestamptz, ask_again_at = NULL
    WHERE version_id = ${version.id}::uuid AND state IN ('SENT', 'OPENED', 'IN_REVIEW', 'NOT_NOW', 'DECLINED')
      AND (email = ${person.email} OR organization_id = ${prepared.organizationId}::uuid)`;
}

async function sendReceipt(
  tx: Tx,
  ctx: Context,
  lodging: Lodging,
  { actId, isSealed, isPublished }: { actId: string; isSealed: boolean; isPublished: boolean },
): Promise<void> {
  const { person, prepared, version, signed } = lodging;
  const { legalName, displayName } = prepared.fields.organization;
  const when = version.opensAt ? ` on ${formatDay(version.opensAt)}` : "";
  await enqueueMail(tx, {
    kind: "signature-receipt",
    to: person.email,
    content: {
      subject: `Receipt: ${displayName} signed “${version.title}”`.slice(0, 200),
      from: `Concordat at ${ctx.site.publicUrl}`,
      paragraphs: [
        `You signed version ${version.number} of “${version.title}” for ${legalName} as its ${signed.officerTitle}.`,
        isSealed
          ? `The signature is sealed until the charter opens${when}. Until then you can pull it out without a trace.`
          : isPublished
            ? "The signature is public. The receipt says how it can be withdrawn."
            : "The depositary examines it, because it has reservations; it is public when that is done, and a mail tells you.",
        `Fingerprint of the text: ${signed.versionSha256}`,
        `Fingerprint of your statement: ${signed.statementSha256}`,
      ],
      action: { label: "Open the receipt", path: `/receipts/${actId}` },
    },
  });
}

async function findLodged(ctx: Context, actId: string): Promise<LodgedSignature> {
  const row = await ctx.db.signature.findUniqueOrThrow({
    where: { signActId: actId },
    select: { versionId: true, organizationId: true, status: true },
  });
  const isSealed = row.status === "SEALED";
  const isPublic = !isSealed && row.status !== "LODGED";
  return { actId, versionId: row.versionId, organizationId: row.organizationId, isSealed, isPublic };
}
