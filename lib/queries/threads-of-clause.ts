import type { Context } from "#lib/data/context.ts";
import { loadDraft } from "./draft-head.ts";
import { loadNames, type NamedAuthor } from "./people-of-draft.ts";

/** One comment. A removed one keeps its place and has no words. */
export type CommentView = {
  readonly id: string;
  readonly author: NamedAuthor;
  readonly isOwn: boolean;
  readonly body: string;
  readonly at: Date;
  readonly mentions: readonly string[];
};

/** A thread on a clause. `anchor` is base64 of a Yjs relative position, when it is about a passage. */
export type ThreadView = {
  readonly id: string;
  readonly clauseId: string;
  readonly quote: string;
  readonly anchor: string | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
  readonly comments: readonly CommentView[];
};

/** The threads of a clause (of all clauses without one), open ones first; and whom a comment may mention. */
export type ClauseThreads = {
  readonly threads: readonly ThreadView[];
  readonly mentionable: readonly { readonly userId: string; readonly name: string; readonly organization: string }[];
  readonly mayComment: boolean;
};

/**
 * The comments on a clause of a draft. They are told to the organizations at the table alone.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function threadsOfClause(
  ctx: Context,
  input: { charterId: string; clauseId: string | null },
): Promise<ClauseThreads> {
  const { head, charter, userId } = await loadDraft(ctx, input.charterId);
  const rows = await ctx.db.thread.findMany({
    where: { charterId: head.charterId, ...(input.clauseId === null ? {} : { clauseId: input.clauseId }) },
    orderBy: { createdAt: "asc" },
    select: {
      id: true,
      clauseId: true,
      quote: true,
      anchor: true,
      resolvedAt: true,
      resolvedBy: true,
      comments: {
        orderBy: { createdAt: "asc" },
        select: {
          id: true,
          userId: true,
          organizationId: true,
          body: true,
          mentions: true,
          createdAt: true,
          removedAt: true,
        },
      },
    },
  });
  const comments = rows.flatMap((row) => row.comments);
  const names = await loadNames(
    ctx.db,
    [...comments.flatMap((one) => [one.userId, ...one.mentions]), ...rows.flatMap((row) => row.resolvedBy ?? [])],
    comments.map((one) => one.organizationId),
  );
  const threads = rows.map(
    (row): ThreadView => ({
      id: row.id,
      clauseId: row.clauseId,
      quote: row.quote,
      anchor: row.anchor ? Buffer.from(row.anchor).toString("base64") : null,
      resolvedAt: row.resolvedAt,
      resolvedBy: row.resolvedBy ? names.person(row.resolvedBy) : null,
      comments: row.comments.map((one) => ({
        id: one.id,
        author: names.author(one.userId, one.organizationId),
        isOwn: one.userId === userId,
        body: one.removedAt ? "" : one.body,
        at: one.createdAt,
        mentions: one.mentions.flatMap((mentioned) => names.person(mentioned) ?? []),
      })),
    }),
  );
  return {
    threads: threads.sort((left, right) => Number(left.resolvedAt !== null) - Number(right.resolvedAt !== null)),
    mentionable: await mentionablePeople(
      ctx,
      charter.participants.map((one) => one.organizationId),
    ),
    mayComment: head.may.comment,
  };
}

async function mentionablePeople(ctx: Context, organizationIds: readonly string[]) {
  const rows = await ctx.db.membership.findMany({
    where: { organizationId: { in: [...organizationIds] }, endedAt: null, user: { erasedAt: null } },
    orderBy: { from: "asc" },
    select: {
      userId: true,
      user: { select: { name: true, email: true } },
      organization: { select: { displayName: true } },
    },
  });
  return rows.map((row) => ({
    userId: row.userId,
    name: row.user.name?.trim() || (row.user.email.split("@")[0] ?? ""),
    organization: row.organization.displayName,
  }));
}
