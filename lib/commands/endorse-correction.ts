import { publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { requireNotEndorsed } from "#lib/data/corrections.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import { mailReceipt } from "#lib/data/signing-mail.ts";
import { requireSameReservations, standingReservations } from "#lib/data/standing-reservations.ts";
import type { Tx } from "#lib/data/store.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { requirePublicSignature } from "#lib/domain/signature.ts";

/**
 * Endorses the corrected copy of a text that the organization signed, by a statement that names the copy by its hash and repeats the
 * reservations which stand. The signature stays on the text that was signed; the endorsement is shown beside it. Safe to retry.
 *
 * @throws {Refusal} as `lodge`, with text-changed when another correction was published meanwhile; conflict for a signature that is
 *   withdrawn or sealed, and for a copy that was endorsed before.
 */
export async function endorseCorrection(ctx: Context, raw: LodgeStatement): Promise<{ actId: string }> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "endorse-correction", LodgeStatement.parse(raw), {
    step: recordEndorsement,
    again: async (actId) => ({ actId }),
  });
}

async function recordEndorsement(
  tx: Tx,
  { person, prepared, version, signed, now }: Lodging,
): Promise<Step<{ actId: string }>> {
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  requirePublicSignature(signature.status);
  await requireNotEndorsed(tx, signature.signActId, signed.versionSha256);
  const standing = await standingReservations(tx, signature.signActId);
  requireSameReservations(standing, prepared.fields.reservations);
  return {
    payload: {
      kind: "endorse-correction",
      ...signed,
      signActId: signature.signActId,
      ...(standing.length > 0 ? { reservations: standing } : {}),
    },
    record: async (actId) => {
      await publishAct(tx, actId, now);
      await mailReceipt(tx, {
        to: person.email,
        actId,
        title: `The corrected “${version.title}” endorsed`,
        words: [
          `You endorsed the corrected copy of version ${version.number} of “${version.title}” for ${signed.organization.legalName}. Its signature stays on the text that was signed.`,
          `Fingerprint of the corrected copy: ${signed.versionSha256}`,
        ],
      });
      return { actId };
    },
  };
}
