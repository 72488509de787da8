import type { Context } from "#lib/data/context.ts";
import { type Lodging, lodge, type Step } from "#lib/data/lodging.ts";
import { requireActiveSignature } from "#lib/data/signatures.ts";
import type { Tx } from "#lib/data/store.ts";
import { LodgeStatement } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { nextSignatureStatus } from "#lib/domain/signature.ts";

/**
 * Pulls a sealed signature out before the opening, by a prepared and signed statement. No trace of it ever becomes
 * public; the organization keeps the signed statement as its own proof. Safe to retry.
 *
 * @throws {Refusal} as `lodge`; conflict once the signature is public.
 */
export async function retractSignature(ctx: Context, raw: LodgeStatement): Promise<{ actId: string }> {
  const person = requirePerson(ctx.actor);
  return lodge(ctx, person, "retract", LodgeStatement.parse(raw), {
    step: recordRetraction,
    again: async (actId) => ({ actId }),
  });
}

async function recordRetraction(tx: Tx, { prepared, version, signed }: Lodging): Promise<Step<{ actId: string }>> {
  const signature = await requireActiveSignature(tx, version.id, prepared.organizationId, true);
  const status = nextSignatureStatus(signature.status, { kind: "retract" });
  return {
    payload: { kind: "retract", ...signed },
    record: async (actId) => {
      await tx.signature.update({ where: { id: signature.id }, data: { status } });
      return { actId };
    },
  };
}
