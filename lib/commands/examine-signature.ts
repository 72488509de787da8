import { z } from "zod";
import { insertAct, publishAct } from "#lib/data/acts.ts";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { insertPromise } from "#lib/data/lodging.ts";
import { bringIntoEffect, type LockedVersion, lockVersion } from "#lib/data/open-version.ts";
import { isFormAccepted, isToBeExamined, returnSignatures } from "#lib/data/sealed.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { type ExaminedSignature, tellOfExamination } from "#lib/data/signing-mail.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { nextSignatureStatus } from "#lib/domain/signature.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import { Line } from "#lib/ledger/fields.ts";
import { encodeHex } from "#lib/ledger/hash.ts";

export const ExamineSignature = z.strictObject({
  /** The act by which it was signed. */
  actId: RowId,
  outcome: z.enum(["accept", "return"]),
  /** What was found wanting, for the organization alone; with `return`. */
  reason: z.union([z.literal(""), Line.max(300)]).default(""),
});
export type ExamineSignature = z.input<typeof ExamineSignature>;

/**
 * The depositary's word on the due form of a signature with reservations. Accepted, it becomes public at once, or with the
 * opening while it is sealed; returned, it counts for nothing and its officer is told why. Safe to retry.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; malformed without a reason; conflict when it does not wait for it;
 *   version-closed when the version takes no signatures any more: then it can only be returned.
 */
export async function examineSignature(ctx: Context, raw: ExamineSignature): Promise<void> {
  const { actId, outcome, reason } = ExamineSignature.parse(raw);
  await transaction(ctx.db, async (tx) => {
    const { version, signature } = await lockSignature(tx, ctx, actId);
    if (outcome === "accept" ? await isFormAccepted(tx, actId) : signature.status === "RETURNED") return;
    if (!(await isToBeExamined(tx, actId)) || (signature.status !== "SEALED" && signature.status !== "LODGED")) {
      throw new Refusal("conflict", "This signature does not wait for an examination.");
    }
    if (outcome === "return") {
      if (reason === "") throw new Refusal("malformed", "Say what was found wanting, so that it can be put right.");
      await returnSignatures(tx, version, [{ id: signature.id, signActId: actId }], { reason, now: ctx.now });
      await tellOfExamination(tx, version, signature, reason);
      return;
    }
    if (!isSignable(version.state)) {
      throw new Refusal("version-closed", "This version takes no signatures any more; the signature can be returned.");
    }
    await recordAcceptance(tx, ctx, version, signature);
  });
}

async function recordAcceptance(
  tx: Tx,
  ctx: Context,
  version: LockedVersion,
  signature: ExaminedSignature,
): Promise<void> {
  const { id, status, signActId } = signature;
  await insertAct(tx, {
    charterId: version.charterId,
    versionId: version.id,
    organizationId: null,
    userId: ctx.actor.kind === "person" ? ctx.actor.userId : null,
    at: ctx.now,
    payload: { kind: "accept-form", signActId },
  });
  await insertPromise(tx, ctx, { actId: signActId, statementSha256: signature.statementSha256, version });
  if (status === "LODGED") {
    await tx.signature.update({
      where: { id },
      data: { status: nextSignatureStatus(status, { kind: "publish" }), effectiveAt: ctx.now },
    });
    await publishAct(tx, signActId, ctx.now);
    if (version.state === "OPEN") await bringIntoEffect(tx, version, ctx.now);
  }
  await tellOfExamination(tx, version, signature, null);
}

async function lockSignature(tx: Tx, ctx: Context, actId: string) {
  const known = await tx.signature.findUnique({ where: { signActId: actId }, select: { versionId: true } });
  if (!known) throw new Refusal("not-found", "There is no such signature.");
  // For update: accepting may bring the version into effect.
  const version = await lockVersion(tx, known.versionId, "update");
  requireOnCharter(ctx.actor, "examine-signature", await loadCharter(tx, version.charterId));
  await tx.$queryRaw`SELECT 1 FROM signature WHERE sign_act_id = ${actId}::uuid FOR UPDATE`;
  const row = await tx.signature.findUniqueOrThrow({
    where: { signActId: actId },
    select: { id: true, status: true, organization: { select: { legalName: true } } },
  });
  const act = await tx.act.findUniqueOrThrow({
    where: { id: actId },
    select: { userId: true, evidence: { select: { statementSha256: true } } },
  });
  const signature: ExaminedSignature = {
    id: row.id,
    signActId: actId,
    status: parseSignatureStatus(row.status),
    legalName: row.organization.legalName,
    officerId: act.userId,
    statementSha256: encodeHex(act.evidence?.statementSha256 ?? new Uint8Array()),
  };
  return { version, signature };
}
