import { loadCharter } from "#lib/data/charters.ts";
import { insertComment, type NewComment } from "#lib/data/comments.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { visibleText } from "#lib/domain/visible-text.ts";

/** A first comment on a clause. `quote` is the passage it is about, `anchor` its Yjs relative position, when it has one. */
export type NewThread = Pick<NewComment, "body" | "mentions"> & {
  readonly charterId: string;
  readonly clauseId: string;
  readonly quote: string;
  readonly anchor: Uint8Array | null;
};

/**
 * Starts a thread of comments on a clause. Comments stay with the organizations at the table and never enter the text.
 * People who are mentioned get a mail.
 *
 * @throws {Refusal} not-found, not-permitted, malformed.
 */
export async function startThread(ctx: Context, input: NewThread): Promise<{ threadId: string; commentId: string }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharter(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "comment", charter);
    if (!ClauseId.safeParse(input.clauseId).success) throw new Refusal("not-found", "There is no such clause.");
    const thread = await tx.thread.create({
      data: {
        charterId: charter.id,
        clauseId: input.clauseId,
        quote: visibleText(input.quote).slice(0, 1000),
        anchor: input.anchor ? Uint8Array.from(input.anchor) : null,
        createdBy: person.userId,
        createdAt: ctx.now,
      },
      select: { id: true },
    });
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
    return { threadId: thread.id, commentId };
  });
}
