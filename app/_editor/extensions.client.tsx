"use client";

import type { AnyExtension } from "@tiptap/core";
import { Extension } from "@tiptap/core";
import { Collaboration, isChangeOrigin } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { Placeholder } from "@tiptap/extension-placeholder";
import { dropCursor } from "@tiptap/pm/dropcursor";
import type { Schema, Slice } from "@tiptap/pm/model";
import type { Command, EditorState, Transaction } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { addClauseAfter, clauseAtSelection, type NewId, splitClause, togglePoint } from "#lib/editor/commands.ts";
import { cleanPaste, type PasteReport, reportOf } from "#lib/editor/paste.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { tidyPlugin } from "#lib/editor/tidy.ts";
import { tiptapNodes } from "#lib/editor/tiptap.ts";
import { renderCaret, renderSelection } from "./carets.client.tsx";
import { type ClauseTools, ClauseView, ReferenceView } from "./clause-view.client.tsx";
import { hiddenCharactersPlugin } from "./hidden-characters.client.tsx";
import { keepCursorPlugin } from "./keep-cursor.client.tsx";
import { marginPlugin } from "./margin.client.tsx";
import { shortcuts } from "./shortcuts.client.tsx";
import { backspace, deleteForward, editHeading, enter } from "./writing.client.tsx";

/** What the editor asks of the page around it. Each is called at the moment it happens, never kept. */
export type EditorHost = ClauseTools & {
  readonly newId: NewId;
  /** Steps that need more than the text: another's cursor, the connection, a dialog. `false` says it was not done. */
  readonly move: (way: "up" | "down") => void;
  readonly changeLevel: (way: "in" | "out") => void;
  readonly remove: () => void;
  readonly refer: () => void;
  readonly comment: () => void;
  readonly authors: () => void;
  readonly leave: () => void;
  readonly palette: () => void;
  readonly sheet: () => void;
  readonly news: () => void;
  readonly pasted: (report: PasteReport, slice: Slice) => void;
  readonly colourOf: (organizationId: string) => number;
  /** Clauses that others are moving this moment: writing into them would be lost. */
  readonly locked: () => ReadonlySet<string>;
};

/** The whole editor over one room's document: the charter's own nodes, collaboration, numbers, keys and paste. */
export function editorExtensions(doc: Y.Doc, awareness: Awareness, host: EditorHost): AnyExtension[] {
  const { clause, clauseReference, ...others } = tiptapNodes();
  return [
    ...Object.values(others),
    clause.extend({ addNodeView: () => (props) => new ClauseView(props.node, props.decorations, host) }),
    clauseReference.extend({ addNodeView: () => (props) => new ReferenceView(props.node, props.decorations, host) }),
    Collaboration.configure({ document: doc, field: charterRoot }),
    CollaborationCaret.configure({
      provider: { awareness },
      user: awareness.getLocalState()?.user ?? {},
      render: (user) => renderCaret(user, host.colourOf),
      selectionRender: (user) => renderSelection(user, host.colourOf),
    }),
    Placeholder.configure({
      includeChildren: true,
      placeholder: ({ node }) => placeholders[node.type.name] ?? "",
    }),
    charterKeys(host),
    charterPlugins(host),
  ];
}

const placeholders: Readonly<Record<string, string>> = {
  charterTitle: "Title of the charter",
  clauseHeading: "Heading (may stay empty)",
  paragraph: "Write the clause…",
  point: "Write the point…",
};

function charterKeys(host: EditorHost): Extension {
  return Extension.create({
    name: "charterKeys",
    // Above Tiptap's own keys, which know nothing of clauses.
    priority: 2000,
    addKeyboardShortcuts() {
      const { view } = this.editor;
      const run = (command: Command) => () => command(view.state, view.dispatch, view);
      const ask = (act: () => void) => () => {
        act();
        return true;
      };
      const inClause = (act: () => void) => () => {
        if (!clauseAtSelection(view.state)) return false;
        act();
        return true;
      };
      return {
        Enter: run(enter(host.newId)),
        Backspace: run(backspace),
        Delete: run(deleteForward),
        [shortcuts.addClause.keys]: run(addClauseAfter(host.newId)),
        [shortcuts.splitClause.keys]: run(splitClause(host.newId)),
        [shortcuts.moveUp.keys]: inClause(() => host.move("up")),
        [shortcuts.moveDown.keys]: inClause(() => host.move("down")),
        [shortcuts.indent.keys]: inClause(() => host.changeLevel("in")),
        [shortcuts.outdent.keys]: inClause(() => host.changeLevel("out")),
        [shortcuts.togglePoint.keys]: run(togglePoint),
        [shortcuts.heading.keys]: run(editHeading),
        [shortcuts.reference.keys]: inClause(host.refer),
        [shortcuts.comment.keys]: inClause(host.comment),
        [shortcuts.authors.keys]: inClause(host.authors),
        [shortcuts.deleteClause.keys]: inClause(host.remove),
        [shortcuts.leave.keys]: ask(host.leave),
        [shortcuts.palette.keys]: ask(host.palette),
        [shortcuts.sheet.keys]: ask(host.sheet),
        [shortcuts.news.keys]: ask(host.news),
      };
    },
  });
}

function charterPlugins(host: EditorHost): Extension {
  return Extension.create({
    name: "charterPlugins",
    addProseMirrorPlugins: () => [
      tidyPlugin(host.newId),
      keepCursorPlugin(),
      hiddenCharactersPlugin(),
      marginPlugin(),
      new Plugin({
        key: new PluginKey("movingLock"),
        filterTransaction: (tr, state) => !writesInto(tr, state, host.locked()),
      }),
      dropCursor({ class: "drop-line", color: false, width: 2 }),
      new Plugin({
        key: new PluginKey("cleanPaste"),
        props: {
          transformPasted: (slice, view) => pasted(slice, view, host),
          // The text has no style: what is pasted with Shift, or dropped as a file, has nothing else to give.
          handleDrop: (_view, event) => (event.dataTransfer?.files.length ?? 0) > 0,
        },
      }),
    ],
  });
}

/** Whether a local edit touches one of these clauses; what comes from others always passes. */
function writesInto(tr: Transaction, state: EditorState, locked: ReadonlySet<string>): boolean {
  if (locked.size === 0 || !tr.docChanged || isChangeOrigin(tr)) return false;
  const id = clauseAtSelection(state)?.node.attrs.id;
  return typeof id === "string" && locked.has(id);
}

function pasted(slice: Slice, view: EditorView, host: EditorHost): Slice {
  const schema: Schema = view.state.schema;
  const clean = cleanPaste(slice, schema, host.newId);
  const report = reportOf(clean);
  if (clean !== slice && report.clauses + report.points > 0) host.pasted(report, clean);
  return clean;
}
