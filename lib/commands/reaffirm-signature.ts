import { publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import { mailReceipt } from "#lib/data/signing-mail.ts";
import { requireSameReservations, standingReservations } from "#lib/data/standing-reservations.ts";
import type { Tx } from "#lib/data/store.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { requirePublicSignature } from "#lib/domain/signature.ts";

/**
 * Re-affirms a public signature, by a prepared and signed statement that repeats the reservations which stand. It changes
 * nothing of the signature; the list shows when it was last re-affirmed. Safe to retry.
 *
 * @throws {Refusal} as `lodge`; conflict for a signature that is withdrawn, sealed, or has other reservations by now.
 */
export async function reaffirmSignature(ctx: Context, raw: LodgeStatement): Promise<{ actId: string }> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "reaffirm", LodgeStatement.parse(raw), {
    step: recordReaffirmation,
    again: async (actId) => ({ actId }),
  });
}

async function recordReaffirmation(
  tx: Tx,
  { person, prepared, version, signed, now }: Lodging,
): Promise<Step<{ actId: string }>> {
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  requirePublicSignature(signature.status);
  const standing = await standingReservations(tx, signature.signActId);
  requireSameReservations(standing, prepared.fields.reservations);
  return {
    payload: {
      kind: "reaffirm",
      ...signed,
      signActId: signature.signActId,
      ...(standing.length > 0 ? { reservations: standing } : {}),
    },
    record: async (actId) => {
      await tx.signature.update({ where: { id: signature.id }, data: { reaffirmedAt: now } });
      await publishAct(tx, actId, now);
      await mailReceipt(tx, {
        to: person.email,
        actId,
        title: `“${version.title}” re-affirmed`,
        words: [
          `You re-affirmed the signature of ${signed.organization.legalName} on version ${version.number} of “${version.title}”.`,
        ],
      });
      return { actId };
    },
  };
}
