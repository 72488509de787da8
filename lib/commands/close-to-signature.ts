import { z } from "zod";
import { insertAct, publishAct } from "#lib/data/acts.ts";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { Line } from "#lib/ledger/fields.ts";

export const CloseToSignature = z.strictObject({
  versionId: RowId,
  /** A public reason in one line, or none. */
  reason: z.union([z.literal(""), Line.max(300)]),
});
export type CloseToSignature = z.infer<typeof CloseToSignature>;

/**
 * Closes a public version to further signatures; those given stand and can still be withdrawn.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; conflict when it is not open.
 */
export async function closeToSignature(ctx: Context, raw: CloseToSignature): Promise<{ actId: string }> {
  const { versionId, reason } = CloseToSignature.parse(raw);
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, versionId, "update");
    const charter = await loadCharter(tx, version.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "close-to-signature", charter);
    if (version.state !== "OPEN" && version.state !== "IN_EFFECT") {
      throw new Refusal("conflict", "Only a version that is open for signature can be closed.");
    }
    await tx.charterVersion.update({ where: { id: versionId }, data: { state: "CLOSED", closedAt: ctx.now } });
    const actId = await insertAct(tx, {
      charterId: version.charterId,
      versionId,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: { kind: "close", versionSha256: version.sha256Hex, number: version.number, reason },
    });
    await publishAct(tx, actId, ctx.now);
    return { actId };
  });
}
