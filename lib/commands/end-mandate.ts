import type { Context } from "#lib/data/context.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Ends a mandate now. What was signed under it stands; a ceremony under way is refused at its last step.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted.
 */
export async function endMandate(ctx: Context, organizationId: string, mandateId: string): Promise<void> {
  requireForOrganization(ctx.actor, "grant-mandate", organizationId);
  await transaction(ctx.db, async (tx) => {
    const mandate = await tx.signingMandate.findFirst({
      where: { id: mandateId, organizationId },
      select: { userId: true },
    });
    if (!mandate) throw new Refusal("not-found", "There is no such mandate.");
    await tx.signingMandate.updateMany({ where: { id: mandateId, endedAt: null }, data: { endedAt: ctx.now } });
    await announceRightsChange(tx, { userId: mandate.userId });
  });
}
