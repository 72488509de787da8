"use client";

import type { Editor } from "@tiptap/core";
import { useCallback, useEffect, useMemo, useState } from "react";
import {
  activityAction,
  addCommentAction,
  resolveThreadAction,
  startThreadAction,
  threadsAction,
} from "#app/(work)/drafts/[charterId]/edit/actions.ts";
import type { ActivityView, EditorDraft, ThreadView } from "./draft.client.tsx";
import { marginKey } from "./margin.client.tsx";
import type { RailActions, RailTab } from "./rail.client.tsx";

/** How often comments of others are asked for while the page is looked at. */
const refreshMs = 20_000;

const unreachableWords = "The server did not answer. What you typed is still here; try again.";

/** Comments and activity beside the text; comment counts and marks of change go into the text's margin. */
export function useRailData(
  draft: EditorDraft,
  editor: Editor | null,
  tab: RailTab,
): {
  threads: readonly ThreadView[];
  activity: readonly ActivityView[] | null;
  changed: ReadonlySet<string>;
  actions: Omit<RailActions, "goTo">;
} {
  const [threads, setThreads] = useState(draft.threads);
  const [activity, setActivity] = useState<readonly ActivityView[] | null>(null);
  const { charterId } = draft;
  const changed = useMemo(() => new Set(draft.changedClauseIds), [draft.changedClauseIds]);

  const refresh = useCallback(async () => {
    // A refresh that fails is made good by the next one.
    const answer = await threadsAction(charterId).catch(() => undefined);
    if (answer?.ok) setThreads(answer.value);
  }, [charterId]);

  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible" && navigator.onLine) void refresh();
    }, refreshMs);
    return () => clearInterval(timer);
  }, [refresh]);

  useEffect(() => {
    if (tab !== "activity") return;
    let isGone = false;
    activityAction(charterId).then(
      (answer) => !isGone && setActivity(answer.ok ? answer.value : []),
      () => undefined,
    );
    return () => {
      isGone = true;
    };
  }, [tab, charterId]);

  useEffect(() => {
    if (!editor || editor.isDestroyed) return;
    const comments = new Map<string, number>();
    for (const thread of threads) {
      if (thread.resolvedAt !== null) continue;
      comments.set(thread.clauseId, (comments.get(thread.clauseId) ?? 0) + thread.comments.length);
    }
    editor.view.dispatch(editor.state.tr.setMeta(marginKey, { comments, changed }));
  }, [editor, threads, changed]);

  const actions = useMemo(() => {
    const settle = async (answer: Promise<{ ok: true } | { ok: false; message: string }>) => {
      try {
        const result = await answer;
        if (result.ok) await refresh();
        return result.ok ? null : result.message;
      } catch {
        return unreachableWords;
      }
    };
    return {
      start: ({
        mentions,
        ...thread
      }: {
        clauseId: string;
        quote: string;
        body: string;
        mentions: readonly string[];
      }) => settle(startThreadAction({ charterId, ...thread, mentions: [...mentions] })),
      reply: (threadId: string, body: string, mentions: readonly string[]) =>
        settle(addCommentAction({ threadId, body, mentions: [...mentions] })),
      resolve: (threadId: string, isResolved: boolean) => settle(resolveThreadAction({ threadId, isResolved })),
    };
  }, [charterId, refresh]);
  return { threads, activity, changed, actions };
}
