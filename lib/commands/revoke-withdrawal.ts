import { publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import { mailReceipt } from "#lib/data/signing-mail.ts";
import { requireSameReservations, standingReservations } from "#lib/data/standing-reservations.ts";
import type { Tx } from "#lib/data/store.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { nextSignatureStatus } from "#lib/domain/signature.ts";

/**
 * Takes a notice of withdrawal back before its date, by a prepared and signed statement; the signature stands as if no
 * notice had been given, and both acts stay in the record. Safe to retry.
 *
 * @throws {Refusal} as `lodge`; conflict when there is no notice or its date has come.
 */
export async function revokeWithdrawal(ctx: Context, raw: LodgeStatement): Promise<{ actId: string }> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "revoke-withdrawal", LodgeStatement.parse(raw), {
    step: recordRevocation,
    again: async (actId) => ({ actId }),
  });
}

async function recordRevocation(
  tx: Tx,
  { person, prepared, version, signed, now }: Lodging,
): Promise<Step<{ actId: string }>> {
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  const effectiveOn = signature.withdrawsAt ?? now;
  const status = nextSignatureStatus(signature.status, { kind: "revoke-notice", effectiveOn, now });
  const standing = await standingReservations(tx, signature.signActId);
  requireSameReservations(standing, prepared.fields.reservations);
  return {
    payload: {
      kind: "revoke-withdrawal",
      ...signed,
      signActId: signature.signActId,
      ...(standing.length > 0 ? { reservations: standing } : {}),
    },
    record: async (actId) => {
      await tx.signature.update({ where: { id: signature.id }, data: { status, noticeAt: null, withdrawsAt: null } });
      await publishAct(tx, actId, now);
      await mailReceipt(tx, {
        to: person.email,
        actId,
        title: `notice of withdrawal from “${version.title}” taken back`,
        words: [
          `You took back the notice of withdrawal of ${signed.organization.legalName} from version ${version.number} of “${version.title}”; its signature stands.`,
        ],
      });
      return { actId };
    },
  };
}
