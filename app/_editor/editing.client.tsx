"use client";

import type { Editor } from "@tiptap/core";
import { Fragment, Slice } from "@tiptap/pm/model";
import type { Command, Transaction } from "@tiptap/pm/state";
import { TextSelection } from "@tiptap/pm/state";
import { yUndoPluginKey } from "@tiptap/y-tiptap";
import { clausesOf, findClause } from "#lib/editor/commands.ts";
import { type OutlineRow, outlineOf } from "#lib/editor/outline.ts";
import { attributesOf } from "#lib/editor/schema.ts";
import { rowsOf } from "./margin.client.tsx";
import { firstSpot, withCursorIn } from "./writing.client.tsx";

/** A change worked out but not yet made, with the outline before and after it. */
export type Planned = {
  readonly transaction: Transaction;
  readonly before: readonly OutlineRow[];
  readonly after: readonly OutlineRow[];
};

/** The clause the cursor is in, by id; null in the title. */
export function currentClauseId(editor: Editor): string | null {
  const { $from } = editor.state.selection;
  const node = $from.depth > 0 ? $from.node(1) : null;
  return node?.type.name === "clause" ? attributesOf(node).id : null;
}

/** The words that are selected in a clause, on one line and cut where they are long; empty without a selection there. */
export function selectedWords(editor: Editor, clauseId: string): string {
  const { from, to } = editor.state.selection;
  const clause = findClause(editor.state.doc, clauseId);
  if (!clause || from === to || from < clause.pos || to > clause.pos + clause.node.nodeSize) return "";
  const words = editor.state.doc.textBetween(from, to, " ", " … ").replaceAll(/\s+/g, " ").trim();
  return words.length > quoteMax ? `${words.slice(0, quoteMax)}…` : words;
}

/** How much of a passage a comment quotes. */
const quoteMax = 300;

/** What a command would do if the cursor stood in that clause; undefined when it would do nothing. */
export function plan(editor: Editor, clauseId: string, command: Command): Planned | undefined {
  const clause = findClause(editor.state.doc, clauseId);
  if (!clause) return undefined;
  // A cursor that is in the clause already stays where it is, so that it goes along.
  const state = currentClauseId(editor) === clauseId ? editor.state : withCursorIn(editor.state, clause.pos);
  const made: Transaction[] = [];
  command(state, (transaction) => made.push(transaction), editor.view);
  const [transaction] = made;
  if (!transaction?.docChanged) return undefined;
  return { transaction, before: rowsOf(editor.state), after: outlineOf(transaction.doc) };
}

/** Runs a command on a clause, wherever the cursor is. False when there was nothing to do. */
export function runOn(editor: Editor, clauseId: string, command: Command): boolean {
  const planned = plan(editor, clauseId, command);
  if (planned) makeStep(editor, planned.transaction);
  return planned !== undefined;
}

/** Makes a change that undo takes back alone, without the typing around it. */
export function makeStep(editor: Editor, transaction: Transaction): void {
  stopCapturing(editor);
  editor.view.dispatch(transaction);
  stopCapturing(editor);
}

/** Ends the run of typing that one undo takes back. */
export function stopCapturing(editor: Editor): void {
  yUndoPluginKey.getState(editor.state)?.undoManager.stopCapturing();
}

/** Puts the cursor where one begins to write in a clause, and the clause into sight. */
export function goToClause(editor: Editor, clauseId: string): void {
  const clause = findClause(editor.state.doc, clauseId);
  if (!clause) return;
  const { tr } = editor.state;
  editor.view.dispatch(tr.setSelection(firstSpot(tr, clause.pos)));
  const dom = editor.view.nodeDOM(clause.pos);
  if (dom instanceof HTMLElement) dom.scrollIntoView({ block: "center", behavior: "smooth" });
  editor.view.focus();
}

/** Puts the cursor to the end of a clause, or of the title for null. False, and nothing done, where the clause is no longer there. */
export function goToEndOf(editor: Editor, clauseId: string | null): boolean {
  const { doc } = editor.state;
  const clause = clauseId === null ? { pos: 0, node: doc.firstChild } : findClause(doc, clauseId);
  if (!clause?.node) return false;
  goToPosition(editor, clause.pos + clause.node.nodeSize - (clauseId === null ? 1 : 2));
  return true;
}

/** Puts the cursor to a position, as far as the text still reaches. */
export function goToPosition(editor: Editor, pos: number): void {
  const { tr, doc } = editor.state;
  const at = TextSelection.near(doc.resolve(Math.min(pos, doc.content.size)));
  editor.view.dispatch(tr.setSelection(at).scrollIntoView());
  editor.view.focus();
}

/** What is needed to put a deleted clause back: its node, and the clause it stood behind. */
export type Deleted = { readonly json: unknown; readonly afterId: string | null; readonly id: string };

/** Notes a clause before it is deleted. */
export function noteClause(editor: Editor, clauseId: string): Deleted | undefined {
  const clauses = clausesOf(editor.state.doc);
  const index = clauses.findIndex((one) => attributesOf(one.node).id === clauseId);
  const node = clauses[index]?.node;
  const previous = clauses[index - 1]?.node;
  return node && { json: node.toJSON(), id: clauseId, afterId: previous ? attributesOf(previous).id : null };
}

/** Puts a deleted clause back under its id, behind the clause it stood behind; false when it is there already. */
export function putBack(editor: Editor, deleted: Deleted): boolean {
  const { doc, schema } = editor.state;
  if (findClause(doc, deleted.id)) return false;
  const previous = deleted.afterId === null ? undefined : findClause(doc, deleted.afterId);
  const first = clausesOf(doc)[0];
  const at = previous ? previous.pos + previous.node.nodeSize : (first?.pos ?? doc.content.size);
  makeStep(editor, editor.state.tr.insert(at, schema.nodeFromJSON(deleted.json)).scrollIntoView());
  return true;
}

/** Replaces what was just pasted by its words alone, as paragraphs. False when something else was done meanwhile. */
export function pasteAsText(editor: Editor, pasted: Slice, undoDepth: number): boolean {
  const { paragraph } = editor.schema.nodes;
  const manager = yUndoPluginKey.getState(editor.state)?.undoManager;
  if (!paragraph || !manager || manager.undoStack.length !== undoDepth) return false;
  manager.undo();
  const lines: string[] = [];
  pasted.content.descendants((node) => {
    if (node.isTextblock && node.textContent.trim() !== "") lines.push(node.textContent);
    return !node.isTextblock;
  });
  const nodes = lines.map((line) => paragraph.create(null, editor.schema.text(line)));
  makeStep(editor, editor.state.tr.replaceSelection(new Slice(Fragment.from(nodes), 0, 0)).scrollIntoView());
  return true;
}

/** How many steps undo can take back now. */
export function undoDepth(editor: Editor): number {
  return yUndoPluginKey.getState(editor.state)?.undoManager.undoStack.length ?? 0;
}
