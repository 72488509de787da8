import type { Context } from "#lib/data/context.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Removes a kept text of the person's own; its words are erased. Safe to retry.
 *
 * @throws {Refusal} not-signed-in, not-found for another's.
 */
export async function removePrivateDraft(ctx: Context, input: { privateDraftId: string }): Promise<void> {
  const person = requirePerson(ctx.actor);
  const { count } = RowId.safeParse(input.privateDraftId).success
    ? await ctx.db.privateDraft.updateMany({
        where: { id: input.privateDraftId, userId: person.userId },
        data: { text: "", removedAt: ctx.now },
      })
    : { count: 0 };
  if (count === 0) throw new Refusal("not-found", "There is no such text.");
}
