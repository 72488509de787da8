"use server";

import { z } from "zod";
import type { ActivityView, ThreadView } from "#app/_editor/draft.client.tsx";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { addComment } from "#lib/commands/add-comment.ts";
import { keepPrivateDraft } from "#lib/commands/keep-private-draft.ts";
import { markLooked } from "#lib/commands/mark-looked.ts";
import { resolveThread } from "#lib/commands/resolve-thread.ts";
import { startThread } from "#lib/commands/start-thread.ts";
import { ClauseId, RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { type ClauseAuthors, clauseAuthors } from "#lib/queries/clause-authors.ts";
import { draftHistory } from "#lib/queries/draft-history.ts";
import { threadsOfCharter } from "#lib/queries/threads-of-charter.ts";
import { activityView, threadView } from "./views.ts";

const Body = z.string().max(5_000);
const Mentions = z.array(RowId).max(20);
const NewThread = z.strictObject({
  charterId: RowId,
  clauseId: ClauseId,
  quote: z.string().max(1000),
  body: Body,
  mentions: Mentions,
});
const NewComment = z.strictObject({ threadId: RowId, body: Body, mentions: Mentions });
const OfClause = z.strictObject({ charterId: RowId, clauseId: ClauseId });
const Resolution = z.strictObject({ threadId: RowId, isResolved: z.boolean() });
const Kept = z.strictObject({
  charterId: RowId,
  clauseId: ClauseId.nullable(),
  text: z.string().max(200_000),
  reason: z.string().max(500),
});

/** Starts a thread on a clause. */
export async function startThreadAction(input: unknown): Promise<ActionResult<{ threadId: string }>> {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    const { threadId } = await startThread(ctx, { ...parse(NewThread, input), anchor: null });
    return { threadId };
  });
}

/** Answers in a thread. */
export async function addCommentAction(input: unknown): Promise<ActionResult<{ commentId: string }>> {
  return asAction(async () => addComment(contextFor(await requireActor()), parse(NewComment, input)));
}

/** Resolves a thread, or opens it again. */
export async function resolveThreadAction(input: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    await resolveThread(contextFor(await requireActor()), parse(Resolution, input));
    return null;
  });
}

/** All threads of a draft, for the rail. */
export async function threadsAction(charterId: unknown): Promise<ActionResult<ThreadView[]>> {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    return [...(await threadsOfCharter(ctx, { charterId: parse(RowId, charterId) }))].map(threadView);
  });
}

/** The latest changes of a draft, newest first. */
export async function activityAction(charterId: unknown): Promise<ActionResult<ActivityView[]>> {
  return asAction(async () => {
    const ctx = contextFor(await requireActor());
    const { changes } = await draftHistory(ctx, { charterId: parse(RowId, charterId), before: null });
    return changes.map(activityView);
  });
}

/** Who wrote each part of a clause, as its newest revision has it. */
export async function clauseAuthorsAction(input: unknown): Promise<ActionResult<ClauseAuthors>> {
  return asAction(async () => clauseAuthors(contextFor(await requireActor()), parse(OfClause, input)));
}

/** Keeps words that did not get into the text, for their author alone. */
export async function keepPrivateDraftAction(input: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    await keepPrivateDraft(contextFor(await requireActor()), parse(Kept, input));
    return null;
  });
}

/** Notes that the person has seen the draft as it is now. */
export async function markLookedAction(charterId: unknown): Promise<ActionResult<null>> {
  return asAction(async () => {
    await markLooked(contextFor(await requireActor()), { charterId: parse(RowId, charterId) });
    return null;
  });
}
