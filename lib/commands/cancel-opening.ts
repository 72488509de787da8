import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { listSealed, returnSignatures } from "#lib/data/sealed.ts";
import { tellTable } from "#lib/data/signing-mail.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Cancels an opening that has not come: the version is adopted and no more, sealed signatures are returned, and nothing of
 * it was ever public. Safe to retry.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; conflict when the version is public.
 */
export async function cancelOpening(ctx: Context, versionId: string): Promise<{ versionId: string; returned: number }> {
  return transaction(ctx.db, async (tx) => {
    const version = await lockVersion(tx, versionId, "update");
    requireOnCharter(ctx.actor, "open-for-signature", await loadCharter(tx, version.charterId));
    if (version.state === "ADOPTED") return { versionId, returned: 0 };
    if (version.state !== "OPEN_SEALED") throw new Refusal("conflict", "What is public cannot be taken back.");
    const sealed = await listSealed(tx, versionId);
    await returnSignatures(tx, version, sealed, { reason: "The opening was cancelled.", now: ctx.now });
    await tx.charterVersion.update({
      where: { id: versionId },
      data: { state: "ADOPTED", opensAt: null, opensZone: null },
    });
    await tx.charter.updateMany({
      where: { id: version.charterId, visibility: "EMBARGOED" },
      data: { visibility: "PRIVATE" },
    });
    await tellTable(tx, version, "cancelled", null);
    return { versionId, returned: sealed.length };
  });
}
