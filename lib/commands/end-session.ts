import type { Context } from "#lib/data/context.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Ends one session of the person, this one or another. Safe to repeat.
 *
 * @throws {Refusal} not-signed-in; not-found for sessions of others.
 */
export async function endSession(ctx: Context, sessionId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  await transaction(ctx.db, async (tx) => {
    const session = await tx.session.findUnique({ where: { id: sessionId }, select: { userId: true } });
    if (session && session.userId !== person.userId) throw new Refusal("not-found", "There is no such session.");
    await tx.session.deleteMany({ where: { id: sessionId, userId: person.userId } });
    await announceRightsChange(tx, { userId: person.userId });
  });
}
