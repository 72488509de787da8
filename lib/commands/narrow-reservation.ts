import { publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import { mailReceipt } from "#lib/data/signing-mail.ts";
import { standingReservations } from "#lib/data/standing-reservations.ts";
import type { Tx } from "#lib/data/store.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requireNarrower } from "#lib/domain/reservation.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { requirePublicSignature } from "#lib/domain/signature.ts";

/**
 * Narrows the reservations of a public signature, by a prepared and signed statement that carries what remains of them.
 * The wider ones stay in the record. Safe to retry.
 *
 * @throws {Refusal} as `lodge`; not-permitted for what would widen, conflict when nothing would change.
 */
export async function narrowReservation(ctx: Context, raw: LodgeStatement): Promise<{ actId: string }> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "narrow-reservation", LodgeStatement.parse(raw), {
    step: recordNarrowing,
    again: async (actId) => ({ actId }),
  });
}

async function recordNarrowing(
  tx: Tx,
  { person, prepared, version, signed, now }: Lodging,
): Promise<Step<{ actId: string }>> {
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  requirePublicSignature(signature.status);
  const { reservations = [] } = prepared.fields;
  requireNarrower(await standingReservations(tx, signature.signActId), reservations);
  return {
    payload: { kind: "narrow-reservation", ...signed, signActId: signature.signActId, reservations },
    record: async (actId) => {
      await publishAct(tx, actId, now);
      const name = signed.organization.legalName;
      await mailReceipt(tx, {
        to: person.email,
        actId,
        title: `reservations to “${version.title}” narrowed`,
        words: [
          reservations.length === 0
            ? `You withdrew the reservations of ${name} to version ${version.number} of “${version.title}”; its signature is now on the whole text.`
            : `You narrowed the reservations of ${name} to version ${version.number} of “${version.title}”.`,
        ],
      });
      return { actId };
    },
  };
}
