import type { Context } from "#lib/data/context.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Ends all sessions of the person but the one that asks.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function endOtherSessions(ctx: Context): Promise<void> {
  const person = requirePerson(ctx.actor);
  await transaction(ctx.db, async (tx) => {
    await tx.session.deleteMany({ where: { userId: person.userId, id: { not: person.sessionId } } });
    await announceRightsChange(tx, { userId: person.userId });
  });
}
