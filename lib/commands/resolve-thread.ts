import { loadCharter } from "#lib/data/charters.ts";
import { loadThread } from "#lib/data/comments.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Marks a thread as resolved, or opens it again. Nothing is deleted. Safe to retry: the first resolver stays.
 *
 * @throws {Refusal} not-found, not-permitted.
 */
export async function resolveThread(
  ctx: Context,
  input: { threadId: string; isResolved: boolean },
): Promise<{ resolvedAt: Date | null }> {
  return transaction(ctx.db, async (tx) => {
    const thread = await loadThread(tx, input.threadId);
    const charter = await loadCharter(tx, thread.charterId);
    const { person } = requireOnCharter(ctx.actor, "comment", charter);
    if (input.isResolved === (thread.resolvedAt !== null)) return { resolvedAt: thread.resolvedAt };
    const resolvedAt = input.isResolved ? ctx.now : null;
    await tx.thread.update({
      where: { id: thread.id },
      data: { resolvedAt, resolvedBy: input.isResolved ? person.userId : null },
    });
    return { resolvedAt };
  });
}
