import { publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import type { Tx } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { nextSignatureStatus, withdrawalEffectiveOn } from "#lib/domain/signature.ts";
import { formatDay } from "#lib/domain/version-status.ts";

/** A notice of withdrawal; until `effectiveOn` the signature stands and the notice can be taken back. */
export type WithdrawalNotice = { readonly actId: string; readonly signActId: string; readonly effectiveOn: Date };

/**
 * Lodges a prepared and signed notice of withdrawal. The entry stays on the list with both dates. Safe to retry.
 *
 * @throws {Refusal} as `lodge`; conflict when there is nothing to withdraw.
 */
export async function withdrawSignature(ctx: Context, raw: LodgeStatement): Promise<WithdrawalNotice> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "withdraw", LodgeStatement.parse(raw), {
    step: recordNotice,
    again: (actId) => findNotice(ctx, actId),
  });
}

async function recordNotice(tx: Tx, lodging: Lodging): Promise<Step<WithdrawalNotice>> {
  const { prepared, version, signed, now, person } = lodging;
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  const effectiveOn = withdrawalEffectiveOn(now, version.policy.withdrawalNoticeDays);
  const status = nextSignatureStatus(signature.status, { kind: "notice", effectiveOn, now });
  return {
    payload: {
      kind: "withdraw",
      ...signed,
      signActId: signature.signActId,
      effectiveOn: effectiveOn.toISOString(),
      reason: prepared.fields.reason,
    },
    record: async (actId) => {
      await tx.signature.update({
        where: { id: signature.id },
        data: { status, noticeAt: now, withdrawsAt: effectiveOn },
      });
      await publishAct(tx, actId, now);
      await enqueueMail(tx, {
        kind: "withdrawal-receipt",
        to: person.email,
        content: {
          subject: `Notice of withdrawal from “${version.title}”`.slice(0, 200),
          from: "Concordat",
          paragraphs: [
            `You gave notice of withdrawal from version ${version.number} of “${version.title}” for ${prepared.fields.organization.legalName}.`,
            status === "WITHDRAWN"
              ? "It took effect at once. The list keeps the organization with both dates."
              : `It takes effect on ${formatDay(effectiveOn)}; until then it can be taken back. The list keeps both dates.`,
          ],
          action: { label: "Open the receipt", path: `/receipts/${actId}` },
        },
      });
      return { actId, signActId: signature.signActId, effectiveOn };
    },
  };
}

async function findNotice(ctx: Context, actId: string): Promise<WithdrawalNotice> {
  const act = await ctx.db.act.findUniqueOrThrow({ where: { id: actId }, select: { payload: true } });
  const payload = ActPayload.parse(act.payload);
  if (payload.kind !== "withdraw") throw new Error("The act is no notice of withdrawal.");
  return { actId, signActId: payload.signActId, effectiveOn: new Date(payload.effectiveOn) };
}
