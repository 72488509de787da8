"use client";

import type { Node as ProseNode } from "@tiptap/pm/model";
import type { Command, EditorState, Transaction } from "@tiptap/pm/state";
import { TextSelection } from "@tiptap/pm/state";
import { addClauseAfter, clauseAtSelection, clausesOf, joinWithPrevious, type NewId } from "#lib/editor/commands.ts";

/**
 * Enter. In the title and in headings it goes on to the body; in the body it begins a block of the same sort. In an
 * empty point it leaves the list; in an empty last paragraph it begins a new clause.
 */
export function enter(newId: NewId): Command {
  return (state, dispatch, view) => {
    const { $from, $to } = state.selection;
    if (!$from.sameParent($to)) return false;
    const name = $from.parent.type.name;
    if (name === "charterTitle") return toFirstClause(state, dispatch);
    if (name === "clauseHeading") return leaveHeading(state, dispatch);
    if (name === "point" && $from.parent.content.size === 0) return toParagraph(state, dispatch);
    if (name === "paragraph" && isEmptyLast(state)) return newClauseFromEmpty(newId)(state, dispatch, view);
    const { parent } = $from;
    if (dispatch) {
      const tr = state.tr.deleteSelection();
      dispatch(tr.split(tr.selection.from, 1, [{ type: parent.type, attrs: parent.attrs }]).scrollIntoView());
    }
    return true;
  };
}

/** Backspace at the very start of a clause's heading or body: what stands there joins what stands before, no word is lost. */
export const backspace: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const here = clauseAtSelection(state);
  if (!empty || !here || $from.depth < 2 || $from.parentOffset > 0) return false;
  if ($from.parent.type.name === "point") return toParagraph(state, dispatch);
  const place = $from.index(1);
  if (place === 0) return isBlank(here.node) ? removeClause(state, dispatch) : joinWithPrevious(state, dispatch, view);
  if (place > 1) return false;
  const heading = here.node.firstChild;
  if (!heading || heading.content.size === 0) {
    return isBlank(here.node) ? removeClause(state, dispatch) : joinWithPrevious(state, dispatch, view);
  }
  return intoHeading(state, dispatch, here.pos + 1 + heading.nodeSize - 1);
};

/** Delete at the very end of a clause: the next clause joins this one. */
export const deleteForward: Command = (state, dispatch, view) => {
  const { $from, empty } = state.selection;
  const here = clauseAtSelection(state);
  if (!empty || !here || $from.depth < 2) return false;
  if ($from.parentOffset < $from.parent.content.size || $from.index(1) < here.node.childCount - 1) return false;
  const next = clausesOf(state.doc)[here.index + 1];
  return next ? joinWithPrevious(withCursorIn(state, next.pos), dispatch, view) : true;
};

/** Puts the cursor into the heading of the current clause, which shows itself for it. */
export const editHeading: Command = (state, dispatch) => {
  const here = clauseAtSelection(state);
  const heading = here?.node.firstChild;
  if (!here || heading?.type.name !== "clauseHeading") return false;
  const end = here.pos + 1 + heading.nodeSize - 1;
  dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, end)).scrollIntoView());
  return true;
};

/** Runs a command as if the cursor stood in the clause at `pos`, without moving it there first. */
export function withCursorIn(state: EditorState, pos: number): EditorState {
  return state.apply(state.tr.setSelection(firstSpot(state.tr, pos)));
}

/** The first place in a clause to write in: its heading when it has one, else its body. */
export function firstSpot(tr: Transaction, pos: number): TextSelection {
  const node = tr.doc.nodeAt(pos);
  const heading = node?.firstChild;
  const skip = heading?.type.name === "clauseHeading" && heading.content.size === 0 && (node?.childCount ?? 0) > 1;
  const at = pos + 1 + (skip ? (heading?.nodeSize ?? 0) : 0) + 1;
  return TextSelection.create(tr.doc, Math.min(at, tr.doc.content.size));
}

function toFirstClause(state: EditorState, dispatch: Parameters<Command>[1]): boolean {
  const first = clausesOf(state.doc)[0];
  if (first) dispatch?.(state.tr.setSelection(firstSpot(state.tr, first.pos)).scrollIntoView());
  return true;
}

function leaveHeading(state: EditorState, dispatch: Parameters<Command>[1]): boolean {
  const { $from } = state.selection;
  const { paragraph } = state.schema.nodes;
  if (!paragraph) return false;
  const after = $from.after();
  const rest = $from.parent.content.cut($from.parentOffset);
  const next = state.doc.resolve(after).nodeAfter;
  const tr = state.tr;
  // An empty body is there to be written in; otherwise the rest of the heading begins the body.
  const needsBlock = rest.size > 0 || !next;
  if (rest.size > 0) tr.delete($from.pos, $from.end());
  const at = tr.mapping.map(after);
  if (needsBlock) tr.insert(at, paragraph.create(null, rest));
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
  return true;
}

function toParagraph(state: EditorState, dispatch: Parameters<Command>[1]): boolean {
  const { $from } = state.selection;
  const { paragraph } = state.schema.nodes;
  if (!paragraph) return false;
  const level = Number($from.parent.attrs.level ?? 1);
  const tr =
    level > 1
      ? state.tr.setNodeMarkup($from.before(), undefined, { level: level - 1 })
      : state.tr.setNodeMarkup($from.before(), paragraph);
  dispatch?.(tr.scrollIntoView());
  return true;
}

function newClauseFromEmpty(newId: NewId): Command {
  return (state, dispatch, view) => {
    const { $from } = state.selection;
    const shorter = state.tr.delete($from.before(), $from.after());
    const next = state.apply(shorter);
    return addClauseAfter(newId)(next, dispatch && ((tr) => dispatch(joined(shorter, tr))), view);
  };
}

/** Two transactions in a row as one, so that one undo takes both back. */
function joined(first: Transaction, second: Transaction): Transaction {
  for (const step of second.steps) first.step(step);
  return first.setSelection(TextSelection.near(first.doc.resolve(second.selection.from))).scrollIntoView();
}

function removeClause(state: EditorState, dispatch: Parameters<Command>[1]): boolean {
  const here = clauseAtSelection(state);
  if (!here || clausesOf(state.doc).length === 1) return true;
  const tr = state.tr.delete(here.pos, here.pos + here.node.nodeSize);
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(here.pos), -1)).scrollIntoView());
  return true;
}

function intoHeading(state: EditorState, dispatch: Parameters<Command>[1], headingEnd: number): boolean {
  const { $from } = state.selection;
  const block = $from.parent;
  const tr = state.tr;
  let isText = true;
  block.forEach((child) => {
    if (!child.isText) isText = false;
  });
  // A reference cannot stand in a heading: then only the cursor moves.
  if (isText) {
    tr.delete($from.before(), $from.after());
    tr.insert(headingEnd, block.content);
  }
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, headingEnd)).scrollIntoView());
  return true;
}

function isEmptyLast(state: EditorState): boolean {
  const { $from } = state.selection;
  if ($from.depth < 2 || $from.parent.content.size > 0) return false;
  const clause = $from.node(1);
  const body = clause.childCount - (clause.firstChild?.type.name === "clauseHeading" ? 1 : 0);
  return $from.index(1) === clause.childCount - 1 && body > 1;
}

function isBlank(clause: ProseNode): boolean {
  return clause.textContent === "" && clause.childCount <= 2 && (clause.lastChild?.content.size ?? 0) === 0;
}
