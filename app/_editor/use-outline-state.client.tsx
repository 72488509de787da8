"use client";

import type { Editor } from "@tiptap/core";
import { useEditorState } from "@tiptap/react";
import type { OutlineRow } from "#lib/editor/outline.ts";
import { currentClauseId } from "./editing.client.tsx";
import { rowsOf } from "./margin.client.tsx";

type OutlineState = {
  readonly rows: readonly OutlineRow[];
  readonly currentId: string | null;
  /** The title as it is written now; undefined before the text is here. */
  readonly title: string | undefined;
};

const nothing: OutlineState = { rows: [], currentId: null, title: undefined };

/** The title, the outline and the clause the cursor is in, redrawn only when one of them reads differently: not at each key. */
export function useOutlineState(editor: Editor | null): OutlineState {
  return (
    useEditorState({
      editor,
      selector: ({ editor: now }): OutlineState =>
        now && !now.isDestroyed
          ? { rows: rowsOf(now.state), currentId: currentClauseId(now), title: now.state.doc.firstChild?.textContent }
          : nothing,
      equalityFn: (left, right) =>
        right !== null &&
        left.currentId === right.currentId &&
        left.title === right.title &&
        isSameOutline(left.rows, right.rows),
    }) ?? nothing
  );
}

function isSameOutline(left: readonly OutlineRow[], right: readonly OutlineRow[]): boolean {
  if (left === right) return true;
  return (
    left.length === right.length &&
    left.every((row, at) => {
      const other = right[at];
      return (
        row.id === other?.id &&
        row.number === other.number &&
        row.label === other.label &&
        row.kind === other.kind &&
        row.level === other.level
      );
    })
  );
}
