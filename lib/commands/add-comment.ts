import { loadCharter } from "#lib/data/charters.ts";
import { insertComment, loadThread } from "#lib/data/comments.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Answers in a thread; a resolved thread is opened again by it. People who are mentioned get a mail.
 *
 * @throws {Refusal} not-found, not-permitted, malformed.
 */
export async function addComment(
  ctx: Context,
  input: { threadId: string; body: string; mentions: readonly string[] },
): Promise<{ commentId: string }> {
  return transaction(ctx.db, async (tx) => {
    const thread = await loadThread(tx, input.threadId);
    const charter = await loadCharter(tx, thread.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "comment", charter);
    const { body, mentions } = input;
    const commentId = await insertComment(tx, {
      charter,
      threadId: thread.id,
      person,
      organizationId,
      body,
      mentions,
      at: ctx.now,
    });
    await tx.thread.update({ where: { id: thread.id }, data: { resolvedAt: null, resolvedBy: null } });
    return { commentId };
  });
}
