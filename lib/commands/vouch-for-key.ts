import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { bindKey, lockKeysOf } from "#lib/data/signing-keys.ts";
import { transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { Line } from "#lib/ledger/fields.ts";

export const VouchForKey = z.strictObject({ keyId: RowId, reason: Line.min(10).max(300) });
export type VouchForKey = z.infer<typeof VouchForKey>;

/**
 * Lets a later key of an organization sign on the operator's word, for instance after every enrolled one was lost. The log says
 * so, with the reason, before the key.
 *
 * @throws {Refusal} not-signed-in, not-found, conflict.
 */
export async function vouchForKey(ctx: Context, raw: VouchForKey): Promise<void> {
  const { keyId, reason } = VouchForKey.parse(raw);
  const person = requireOnInstallation(ctx.actor, "review-evidence");
  await transaction(ctx.db, async (tx) => {
    const known = await tx.signingKey.findUnique({ where: { id: keyId }, select: { organizationId: true } });
    if (!known) throw new Refusal("not-found", "There is no such key.");
    await lockKeysOf(tx, known.organizationId, "update");
    const key = await tx.signingKey.findUniqueOrThrow({ where: { id: keyId } });
    if (key.revokedAt !== null || key.boundAt !== null)
      throw new Refusal("conflict", "This key does not wait any more.");
    await bindKey(tx, keyId, { boundBy: "operator", reason }, ctx.now);
    await tx.operatorAction.create({
      data: { id: randomUUID(), userId: person.userId, kind: "vouch-for-key", subject: keyId, reason, at: ctx.now },
    });
  });
}
