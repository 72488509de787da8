"use client";

import type { Editor } from "@tiptap/core";
import type { ClauseKind } from "#lib/domain/charter-text.ts";
import { togglePoint } from "#lib/editor/commands.ts";
import type { OutlineRow } from "#lib/editor/outline.ts";
import type { ClauseMenuLine } from "./clause-menu.client.tsx";
import type { PaletteEntry } from "./overlays.client.tsx";
import { shortcuts } from "./shortcuts.client.tsx";
import type { ClauseActions } from "./use-editor-host.client.tsx";

/** What the page itself does for a menu or the palette. */
export type PageActions = {
  readonly comment: (clauseId: string) => void;
  readonly authors: (clauseId: string) => void;
  readonly refer: () => void;
  readonly sheet: () => void;
  readonly outline: () => void;
  readonly news: () => void;
};

const kinds: readonly (readonly [ClauseKind, string])[] = [
  ["clause", "Make it a clause"],
  ["section", "Make it a section"],
  ["definition", "Make it a definition"],
  ["preamble", "Make it a preamble"],
  ["final", "Make it final provisions"],
  ["annex", "Make it an annex"],
];

/** The menu of one clause: what the reader may do with it. */
export function clauseLines(facts: {
  readonly charterId: string;
  readonly row: OutlineRow;
  readonly canEdit: boolean;
  readonly mayComment: boolean;
  readonly actions: ClauseActions;
  readonly page: PageActions;
}): ClauseMenuLine[] {
  const { charterId, row, canEdit, mayComment, actions, page } = facts;
  const { id } = row;
  const isLevelled = row.kind === "clause" || row.kind === "definition";
  const editing: ClauseMenuLine[] = [
    { label: "Move up", keys: shortcuts.moveUp.keys, run: () => actions.move(id, "up") },
    { label: "Move down", keys: shortcuts.moveDown.keys, run: () => actions.move(id, "down") },
    ...(isLevelled
      ? [
          { label: "One level deeper", keys: shortcuts.indent.keys, run: () => actions.indent(id) },
          { label: "One level up", keys: shortcuts.outdent.keys, run: () => actions.outdent(id) },
        ]
      : []),
    null,
    { label: "New clause after it", keys: shortcuts.addClause.keys, run: () => actions.addAfter(id) },
    { label: "Write its heading", keys: shortcuts.heading.keys, run: () => actions.heading(id) },
    { label: "Refer to another clause", keys: shortcuts.reference.keys, run: page.refer },
    null,
    ...kinds
      .filter(([kind]) => kind !== row.kind)
      .map(([kind, label]) => ({ label, run: () => actions.setKind(id, kind) })),
    null,
  ];
  return [
    ...(mayComment || canEdit
      ? [{ label: "Comment", keys: shortcuts.comment.keys, run: () => page.comment(id) }]
      : [{ label: "Read the comments", run: () => page.comment(id) }]),
    { label: "Who wrote this", keys: shortcuts.authors.keys, run: () => page.authors(id) },
    { label: "History of this clause", href: `/drafts/${charterId}/history/${id}` },
    { label: "Copy a link to it", run: () => actions.copyLink(id) },
    ...(canEdit
      ? [null, ...editing, { label: "Delete", keys: shortcuts.deleteClause.keys, run: () => actions.remove(id) }]
      : []),
  ];
}

/** All commands by name. Those that need a clause act on the one the cursor is in. */
export function paletteEntries(facts: {
  readonly charterId: string;
  readonly editor: Editor | null;
  readonly canEdit: boolean;
  readonly actions: ClauseActions;
  readonly page: PageActions;
}): PaletteEntry[] {
  const { charterId, editor, canEdit, actions, page } = facts;
  const here = (act: (clauseId: string) => void) => () => actions.onCurrent(act);
  const go = (path: string) => () => location.assign(`/drafts/${charterId}${path}`);
  const editing: PaletteEntry[] = [
    { label: "New clause after this one", keys: shortcuts.addClause.keys, run: here(actions.addAfter) },
    { label: "Split the clause at the cursor", keys: shortcuts.splitClause.keys, run: actions.split },
    { label: "Move the clause up", keys: shortcuts.moveUp.keys, run: here((id) => actions.move(id, "up")) },
    { label: "Move the clause down", keys: shortcuts.moveDown.keys, run: here((id) => actions.move(id, "down")) },
    { label: "One level deeper", keys: shortcuts.indent.keys, run: here(actions.indent) },
    { label: "One level up", keys: shortcuts.outdent.keys, run: here(actions.outdent) },
    {
      label: "Point of a list, or paragraph",
      keys: shortcuts.togglePoint.keys,
      run: () => {
        if (editor) togglePoint(editor.state, editor.view.dispatch, editor.view);
        editor?.view.focus();
      },
    },
    { label: "Write the clause's heading", keys: shortcuts.heading.keys, run: here(actions.heading) },
    { label: "Refer to another clause", keys: shortcuts.reference.keys, run: page.refer },
    ...kinds.map(([kind, label]) => ({ label, run: here((id) => actions.setKind(id, kind)) })),
    { label: "Delete the clause", keys: shortcuts.deleteClause.keys, run: here(actions.remove) },
  ];
  return [
    ...(canEdit ? editing : []),
    { label: "Comments on this clause", keys: shortcuts.comment.keys, run: here(page.comment) },
    { label: "Who wrote this clause", keys: shortcuts.authors.keys, run: here(page.authors) },
    { label: "Copy a link to this clause", run: here(actions.copyLink) },
    { label: "Who is here and what is saved", keys: shortcuts.news.keys, run: page.news },
    { label: "Outline", run: page.outline },
    { label: "Keyboard shortcuts", keys: shortcuts.sheet.keys, run: page.sheet },
    { label: "Overview of the charter", run: go("") },
    { label: "History of the draft", run: go("/history") },
    { label: "Print", run: go("/print") },
    { label: "Export as Markdown", run: go("/export.md") },
  ];
}
