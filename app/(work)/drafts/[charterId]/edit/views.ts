import type { ActivityView, EditorDraft, ThreadView } from "#app/_editor/draft.client.tsx";
import { roundStateWords } from "#lib/domain/draft-round.ts";
import type { DraftEditorView } from "#lib/queries/draft-editor-view.ts";
import type { DraftChange } from "#lib/queries/draft-history.ts";
import type { ClauseThreads, ThreadView as StoredThread } from "#lib/queries/threads-of-clause.ts";

const changeWords: Readonly<Record<string, string>> = {
  added: "was added",
  edited: "was edited",
  moved: "was moved",
  deleted: "was deleted",
  restored: "was brought back",
  placed: "was placed again, in the same words",
  renumbered: "got another number",
};

/** Everything the editor is given by its page, as plain values that may cross to the browser. */
export function editorDraft(view: DraftEditorView, comments: ClauseThreads): EditorDraft {
  const { head } = view;
  return {
    charterId: head.charterId,
    title: head.title,
    stateName: roundStateWords[head.state].name,
    roomId: view.roomId,
    generation: view.generation,
    mayComment: comments.mayComment,
    person: view.person,
    table: view.participants.map((one) => one.organizationId),
    people: comments.mentionable.map(({ userId, name, organization }) => ({
      userId,
      name,
      organizationName: organization,
    })),
    threads: comments.threads.map(threadView),
    changedClauseIds: view.changedSince?.clauseIds ?? [],
  };
}

/** A thread for the rail. */
export function threadView(thread: StoredThread): ThreadView {
  return {
    id: thread.id,
    clauseId: thread.clauseId,
    quote: thread.quote,
    resolvedAt: thread.resolvedAt?.toISOString() ?? null,
    comments: thread.comments.map((one) => ({
      id: one.id,
      name: one.author.person ?? "somebody whose name was erased",
      organizationName: one.author.organization,
      body: one.body,
      at: one.at.toISOString(),
    })),
  };
}

/** A change for the rail's activity. */
export function activityView(change: DraftChange): ActivityView {
  return {
    id: change.revisionId,
    clauseId: change.clauseId,
    clauseNumber: change.clauseNumber,
    label: change.clauseHeading || (change.clauseNumber ? "" : "Unnumbered clause"),
    kind: changeWords[change.kind] ?? change.kind,
    people: change.authors.map((one) => (one.person ? `${one.person}, ${one.organization}` : one.organization)),
    at: change.at.toISOString(),
  };
}
