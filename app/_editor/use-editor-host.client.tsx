"use client";

import type { Editor } from "@tiptap/core";
import type { Slice } from "@tiptap/pm/model";
import type { Command } from "@tiptap/pm/state";
import { useMemo, useRef } from "react";
import { toast } from "sonner";
import type { ClauseKind } from "#lib/domain/charter-text.ts";
import { newClauseId } from "#lib/domain/ids.ts";
import {
  addClauseAfter,
  deleteClause,
  indent,
  insertReference,
  outdent,
  setClauseKind,
  splitClause,
} from "#lib/editor/commands.ts";
import { moveClauseDown, moveClauseTo, moveClauseUp } from "#lib/editor/moves.ts";
import { nameOfRow } from "#lib/editor/outline.ts";
import type { PasteReport } from "#lib/editor/paste.ts";
import {
  currentClauseId,
  goToClause,
  makeStep,
  noteClause,
  pasteAsText,
  plan,
  putBack,
  runOn,
  stopCapturing,
  undoDepth,
} from "./editing.client.tsx";
import { rowsOf } from "./margin.client.tsx";
import { movedWords, placesTouched, reasonNotToMove } from "./moving.client.tsx";
import type { Peer } from "./peers.client.tsx";
import { trackDrag } from "./pointer-drag.client.tsx";
import { editHeading } from "./writing.client.tsx";

/** What is true around the editor at the moment somebody does something; read through a ref, never stale. */
export type Around = {
  readonly editor: Editor | null;
  readonly charterId: string;
  readonly isConnected: boolean;
  readonly peers: readonly Peer[];
  readonly lastMovedAt: ReadonlyMap<number, number>;
  readonly announce: (words: string) => void;
  readonly setMoving: (clauseId: string | null) => void;
};

/** How long others leave a clause alone that is being moved. */
const movingMs = 1_000;

/** A fresh clause id. */
export function freshClauseId(): string {
  return newClauseId((bytes) => crypto.getRandomValues(bytes));
}

/** Everything that can be done with a clause from outside its text: by shortcut, menu, outline, palette or pointer. */
export type ClauseActions = ReturnType<typeof clauseActions>;

/** The actions, steady over the life of the page. */
export function useClauseActions(around: Around): ClauseActions {
  const latest = useRef(around);
  latest.current = around;
  return useMemo(() => clauseActions(() => latest.current), []);
}

function clauseActions(around: () => Around) {
  const withEditor = (act: (editor: Editor) => void) => {
    const { editor } = around();
    if (editor && !editor.isDestroyed && editor.isEditable) act(editor);
  };
  const say = (words: string, isVisible = false) => {
    around().announce(words);
    if (isVisible) toast(words);
  };
  const change = (clauseId: string, command: Command, done: string, refused: string) =>
    withEditor((editor) => say(runOn(editor, clauseId, command) ? done : refused));

  const move = (clauseId: string, command: Command) =>
    withEditor((editor) => {
      const planned = plan(editor, clauseId, command);
      const touched = planned && placesTouched(planned.before, planned.after);
      if (!planned || !touched) return say("It cannot go further that way.");
      const { isConnected, peers, lastMovedAt, setMoving } = around();
      const reason = reasonNotToMove({
        isConnected,
        rows: planned.before,
        ...touched,
        peers,
        lastMovedAt,
        now: Date.now(),
      });
      if (reason) return say(reason, true);
      setMoving(clauseId);
      makeStep(editor, planned.transaction);
      setTimeout(() => setMoving(null), movingMs);
      const find = (rows: typeof planned.before) => rows.find((row) => row.id === clauseId);
      say(movedWords(find(planned.before), find(planned.after)));
    });

  const remove = (clauseId: string) =>
    withEditor((editor) => {
      const row = rowsOf(editor.state).find((one) => one.id === clauseId);
      const deleted = noteClause(editor, clauseId);
      if (!row || !deleted || !runOn(editor, clauseId, deleteClause(freshClauseId))) return;
      const words = `${nameOfRow(row)} deleted.`;
      around().announce(words);
      toast(words, {
        duration: 10_000,
        action: {
          label: "Undo",
          onClick: () => withEditor((now) => putBack(now, deleted) && say(`${nameOfRow(row)} is back.`)),
        },
      });
    });

  return {
    move: (clauseId: string, way: "up" | "down") => move(clauseId, way === "up" ? moveClauseUp : moveClauseDown),
    moveTo: (clauseId: string, index: number) => move(clauseId, moveClauseTo(clauseId, index)),
    remove,
    indent: (clauseId: string) => change(clauseId, indent, "One level deeper.", "It cannot go deeper."),
    outdent: (clauseId: string) => change(clauseId, outdent, "One level up.", "It is at the top level."),
    addAfter: (clauseId: string) => {
      change(clauseId, addClauseAfter(freshClauseId), "New clause.", "");
      withEditor((editor) => editor.view.focus());
    },
    split: () =>
      withEditor((editor) => {
        splitClause(freshClauseId)(editor.state, editor.view.dispatch, editor.view);
        editor.view.focus();
      }),
    setKind: (clauseId: string, kind: ClauseKind) =>
      change(clauseId, setClauseKind(kind), `It is a ${kind} now.`, "It is one already."),
    heading: (clauseId: string) =>
      withEditor((editor) => {
        goToClause(editor, clauseId);
        editHeading(editor.state, editor.view.dispatch, editor.view);
      }),
    refer: (target: string) =>
      withEditor((editor) => {
        const isDone = insertReference(target)(editor.state, editor.view.dispatch, editor.view);
        say(isDone ? "Reference put in." : "A heading cannot hold a reference; put it into the body.", !isDone);
        editor.view.focus();
      }),
    goTo: (clauseId: string) => {
      const { editor } = around();
      if (editor && !editor.isDestroyed) goToClause(editor, clauseId);
    },
    copyLink: (clauseId: string) => {
      const link = `${location.origin}/drafts/${around().charterId}/edit#c-${clauseId}`;
      navigator.clipboard.writeText(link).then(
        () => say("Link copied.", true),
        () => say(`The browser did not allow copying. The link is ${link}`, true),
      );
    },
    drag: (clauseId: string, event: PointerEvent) =>
      withEditor((editor) =>
        trackDrag(
          event,
          () => [...editor.view.dom.children].filter((one): one is HTMLElement => one.matches("section.clause")),
          (index) => move(clauseId, moveClauseTo(clauseId, index)),
        ),
      ),
    pasted: (report: PasteReport, slice: Slice) =>
      withEditor((editor) => {
        stopCapturing(editor);
        // The paste itself happens after this call; how deep undo reaches is known behind it.
        setTimeout(() => {
          stopCapturing(editor);
          const depth = undoDepth(editor);
          const words = pasteWords(report);
          around().announce(words);
          toast(words, {
            duration: 10_000,
            action: {
              label: "Keep as plain text",
              onClick: () =>
                withEditor((now) => {
                  if (!pasteAsText(now, slice, depth)) say("The text has changed since; nothing was done.", true);
                }),
            },
          });
        });
      }),
    onCurrent: (act: (clauseId: string) => void) => {
      const { editor } = around();
      const id = editor && currentClauseId(editor);
      if (id) act(id);
    },
  };
}

/** "12 clauses and 3 points detected." */
export function pasteWords({ clauses, points }: PasteReport): string {
  const parts = [
    ...(clauses > 0 ? [`${clauses} clause${clauses === 1 ? "" : "s"}`] : []),
    ...(points > 0 ? [`${points} point${points === 1 ? "" : "s"}`] : []),
  ];
  return `${parts.join(" and ")} detected in what was pasted.`;
}
