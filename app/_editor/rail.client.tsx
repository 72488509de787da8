"use client";

import { Tabs } from "radix-ui";
import { Time } from "#app/_ui/time.tsx";
import type { OutlineRow } from "#lib/editor/outline.ts";
import { CommentForm } from "./comment-form.client.tsx";
import type { ActivityView, PersonAtTable, ThreadView } from "./draft.client.tsx";
import { NameOf } from "./name-of-row.client.tsx";
import { WhoWrote } from "./who-wrote.client.tsx";

const tabs = ["comments", "authors", "activity"] as const;
export type RailTab = (typeof tabs)[number];

/** What the rail does; each answers with a sentence when it was refused, else with null. */
export type RailActions = {
  readonly start: (thread: {
    clauseId: string;
    quote: string;
    body: string;
    mentions: readonly string[];
  }) => Promise<string | null>;
  readonly reply: (threadId: string, body: string, mentions: readonly string[]) => Promise<string | null>;
  readonly resolve: (threadId: string, isResolved: boolean) => Promise<string | null>;
  readonly goTo: (clauseId: string) => void;
};

/** Comments of the clause that is written in, who wrote it, and what happened lately. Comments never enter the text. */
export function Rail({
  tab,
  onTab,
  charterId,
  row,
  rows,
  threads,
  activity,
  people,
  mayComment,
  quote,
  onQuoteDone,
  actions,
}: {
  tab: RailTab;
  onTab: (tab: RailTab) => void;
  charterId: string;
  row: OutlineRow | undefined;
  rows: readonly OutlineRow[];
  threads: readonly ThreadView[];
  activity: readonly ActivityView[] | null;
  people: readonly PersonAtTable[];
  mayComment: boolean;
  /** The passage that the next comment is about; empty for the whole clause. */
  quote: string;
  onQuoteDone: () => void;
  actions: RailActions;
}) {
  const look =
    "min-h-10 whitespace-nowrap border-transparent border-b-2 px-2 text-muted text-sm data-[state=active]:border-ink data-[state=active]:font-medium data-[state=active]:text-ink";
  return (
    <Tabs.Root value={tab} onValueChange={(value) => onTab(tabs.find((one) => one === value) ?? "comments")}>
      <Tabs.List aria-label="Beside the text" className="flex border-line border-b">
        <Tabs.Trigger value="comments" className={look}>
          Comments
        </Tabs.Trigger>
        <Tabs.Trigger value="authors" className={look}>
          Who wrote this
        </Tabs.Trigger>
        <Tabs.Trigger value="activity" className={look}>
          Activity
        </Tabs.Trigger>
      </Tabs.List>
      <Tabs.Content value="comments" className="pt-4 outline-offset-4">
        <Comments
          row={row}
          rows={rows}
          threads={threads}
          people={people}
          mayComment={mayComment}
          quote={quote}
          onQuoteDone={onQuoteDone}
          actions={actions}
        />
      </Tabs.Content>
      <Tabs.Content value="authors" className="pt-4 outline-offset-4">
        <WhoWrote charterId={charterId} row={row} />
      </Tabs.Content>
      <Tabs.Content value="activity" className="pt-4 outline-offset-4">
        <Activity activity={activity} rows={rows} charterId={charterId} goTo={actions.goTo} />
      </Tabs.Content>
    </Tabs.Root>
  );
}

function Comments({
  row,
  rows,
  threads,
  people,
  mayComment,
  quote,
  onQuoteDone,
  actions,
}: {
  row: OutlineRow | undefined;
  rows: readonly OutlineRow[];
  threads: readonly ThreadView[];
  people: readonly PersonAtTable[];
  mayComment: boolean;
  quote: string;
  onQuoteDone: () => void;
  actions: RailActions;
}) {
  const here = threads.filter((thread) => thread.clauseId === row?.id);
  const open = here.filter((thread) => thread.resolvedAt === null);
  const resolved = here.filter((thread) => thread.resolvedAt !== null);
  const elsewhere = rows.flatMap((one) => {
    const count = threads.filter((thread) => thread.clauseId === one.id && thread.resolvedAt === null).length;
    return count > 0 && one.id !== row?.id ? [{ row: one, count }] : [];
  });
  return (
    <div className="grid grid-cols-1 gap-5">
      <h2 className="font-sans font-medium text-sm">{row ? <NameOf row={row} /> : "Choose a clause"}</h2>
      {row ? null : <p className="text-muted text-sm">Comments belong to a clause: put the cursor into one.</p>}
      {open.map((thread) => (
        <Thread key={thread.id} thread={thread} people={people} mayComment={mayComment} actions={actions} />
      ))}
      {row && mayComment ? (
        <CommentForm
          key={row.id}
          isFirstPlace
          label={open.length > 0 ? "Another comment" : "Comment"}
          submit="Comment"
          people={people}
          quote={quote}
          onQuoteDone={onQuoteDone}
          onSubmit={(body, mentions) => actions.start({ clauseId: row.id, quote, body, mentions })}
        />
      ) : null}
      {row && !mayComment && open.length === 0 ? (
        <p className="text-muted text-sm">Nobody has commented on this clause.</p>
      ) : null}
      {resolved.length > 0 ? (
        <details>
          <summary className="py-1 text-muted text-sm">
            {resolved.length} resolved thread{resolved.length === 1 ? "" : "s"}
          </summary>
          <div className="mt-3 grid grid-cols-1 gap-5">
            {resolved.map((thread) => (
              <Thread key={thread.id} thread={thread} people={people} mayComment={mayComment} actions={actions} />
            ))}
          </div>
        </details>
      ) : null}
      {elsewhere.length > 0 ? (
        <nav aria-label="Comments on other clauses">
          <p className="mb-1 text-muted text-sm">On other clauses</p>
          <ul className="grid grid-cols-1">
            {elsewhere.map(({ row: one, count }) => (
              <li key={one.id}>
                <button
                  type="button"
                  onClick={() => actions.goTo(one.id)}
                  className="flex min-h-8 w-full items-center justify-between gap-3 rounded-sm px-1 text-start text-sm hover:bg-wash"
                >
                  <span className="truncate">
                    <NameOf row={one} />
                  </span>
                  <span className="shrink-0 text-muted tabular-nums">
                    {count}
                    <span className="sr-only"> open</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </nav>
      ) : null}
    </div>
  );
}

function Thread({
  thread,
  people,
  mayComment,
  actions,
}: {
  thread: ThreadView;
  people: readonly PersonAtTable[];
  mayComment: boolean;
  actions: RailActions;
}) {
  const isResolved = thread.resolvedAt !== null;
  return (
    <article className="border-line border-s-2 ps-3" data-testid="thread">
      {thread.quote ? (
        <blockquote className="mb-2 font-serif text-muted text-sm">
          “<bdi>{thread.quote}</bdi>”
        </blockquote>
      ) : null}
      <ul className="grid grid-cols-1 gap-3">
        {thread.comments.map((comment) => (
          <li key={comment.id}>
            <p className="text-sm">
              <span className="font-medium">{comment.organizationName}</span>
              <span className="text-muted">
                {" "}
                · <bdi>{comment.name}</bdi>
              </span>
            </p>
            <p className="text-muted text-xs">
              <Time at={comment.at} />
            </p>
            <p className="mt-1 whitespace-pre-line text-sm">{comment.body}</p>
          </li>
        ))}
      </ul>
      {mayComment ? (
        <details className="mt-2">
          <summary className="py-1 text-accent text-sm">Reply</summary>
          <div className="mt-2">
            <CommentForm
              label="Reply"
              submit="Reply"
              people={people}
              onSubmit={(body, mentions) => actions.reply(thread.id, body, mentions)}
            />
          </div>
        </details>
      ) : null}
      {mayComment ? (
        <button
          type="button"
          className="min-h-8 text-accent text-sm underline underline-offset-4"
          onClick={() => void actions.resolve(thread.id, !isResolved)}
        >
          {isResolved ? "Open again" : "Resolve"}
        </button>
      ) : null}
    </article>
  );
}

function Activity({
  activity,
  rows,
  charterId,
  goTo,
}: {
  activity: readonly ActivityView[] | null;
  rows: readonly OutlineRow[];
  charterId: string;
  goTo: (clauseId: string) => void;
}) {
  if (activity === null) return <p className="text-muted text-sm">Loading what happened lately…</p>;
  if (activity.length === 0)
    return <p className="text-muted text-sm">Nothing has changed since this draft was opened.</p>;
  return (
    <div className="grid gap-4">
      <ol className="grid gap-4">
        {activity.map((one) => (
          <li key={one.id} className="text-sm">
            <p>
              <button
                type="button"
                className="text-start font-medium underline-offset-4 hover:underline disabled:no-underline"
                disabled={!rows.some((row) => row.id === one.clauseId)}
                onClick={() => goTo(one.clauseId)}
              >
                {one.clauseNumber ? `${one.clauseNumber} ` : ""}
                <bdi>{one.label}</bdi>
              </button>{" "}
              <span className="text-muted">{one.kind}</span>
            </p>
            <p className="text-muted text-xs">
              {one.people.join(", ")}
              {one.people.length > 0 ? " · " : null}
              <Time at={one.at} />
            </p>
          </li>
        ))}
      </ol>
      <a href={`/drafts/${charterId}/history`} className="text-accent text-sm underline underline-offset-4">
        The whole history
      </a>
    </div>
  );
}
