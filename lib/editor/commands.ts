import type { Node as ProseNode, ResolvedPos } from "@tiptap/pm/model";
import { Fragment } from "@tiptap/pm/model";
import type { Command, EditorState } from "@tiptap/pm/state";
import { TextSelection } from "@tiptap/pm/state";
import type { ClauseKind } from "#lib/domain/charter-text.ts";
import { attributesOf, isContainer, levelFor } from "./schema.ts";

/** Gives a fresh clause id. */
export type NewId = () => string;

/** The clause the selection starts in: its node, the position before it and its place in reading order, from 0. */
export type ClauseHere = { readonly node: ProseNode; readonly pos: number; readonly index: number };

/** The clause at the start of the selection, or undefined while it is in the title. */
export function clauseAtSelection(state: EditorState): ClauseHere | undefined {
  return clauseAt(state.doc, state.selection.$from);
}

/** The clause with this id, or undefined. Of two with one id, the first. */
export function findClause(doc: ProseNode, id: string): ClauseHere | undefined {
  return clausesOf(doc).find((one) => attributesOf(one.node).id === id);
}

/** All clauses in reading order. */
export function clausesOf(doc: ProseNode): ClauseHere[] {
  const found: ClauseHere[] = [];
  doc.forEach((node, pos) => {
    if (node.type.name === "clause") found.push({ node, pos, index: found.length });
  });
  return found;
}

/**
 * A new clause after the current one (Mod-Enter), with the cursor in its heading. After a clause it has the same kind
 * and level; after a container, a preamble or the title it is a clause of level 1.
 */
export function addClauseAfter(newId: NewId): Command {
  return (state, dispatch) => {
    const here = clauseAtSelection(state);
    const like =
      here && !isContainer(attributesOf(here.node).kind) && attributesOf(here.node).kind !== "preamble"
        ? attributesOf(here.node)
        : undefined;
    return insertClause(state, dispatch, here ? here.pos + here.node.nodeSize : startOfClauses(state.doc), {
      id: newId(),
      kind: like?.kind ?? "clause",
      level: like?.level ?? 1,
    });
  };
}

/** A new clause of a kind after the current one: a section, a definition, an annex. */
export function addClauseOfKind(kind: ClauseKind, newId: NewId): Command {
  return (state, dispatch) => {
    const here = clauseAtSelection(state);
    const at = here ? here.pos + here.node.nodeSize : startOfClauses(state.doc);
    return insertClause(state, dispatch, at, { id: newId(), kind, level: levelFor(kind, 1) });
  };
}

/**
 * Cuts the current clause in two at the cursor. The first half keeps the id, and so its history, comments and
 * references; the second is a new clause of the same kind and level. From the heading, the rest of the heading
 * becomes the new clause's heading and the body goes with it; from the body, the new heading is empty.
 */
export function splitClause(newId: NewId): Command {
  return (state, dispatch) => {
    const here = clauseAtSelection(state);
    const { $from, empty } = state.selection;
    if (!here || !empty || $from.depth < 2) return false;
    if (!dispatch) return true;
    const { clause, clauseHeading, paragraph } = nodesOf(state);
    const child = $from.index(1);
    const block = here.node.child(child);
    const before = childrenOf(here.node).slice(0, child);
    const after = childrenOf(here.node).slice(child + 1);
    const left = block.copy(block.content.cut(0, $from.parentOffset));
    const right = block.copy(block.content.cut($from.parentOffset));
    const inHeading = block.type.name === "clauseHeading";
    const rest = inHeading
      ? [right, ...after]
      : [clauseHeading.create(), ...(right.content.size > 0 ? [right] : []), ...after];
    const first = [...before, ...(left.content.size > 0 || inHeading ? [left] : [])];
    const kind = attributesOf(here.node).kind;
    const second = clause.create(
      { id: newId(), kind, level: levelFor(kind, attributesOf(here.node).level) },
      withBody(rest, paragraph.create()),
    );
    const firstNode = here.node.copy(Fragment.from(withBody(first, paragraph.create())));
    const tr = state.tr.replaceWith(here.pos, here.pos + here.node.nodeSize, [firstNode, second]);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(here.pos + firstNode.nodeSize + 2))).scrollIntoView());
    return true;
  };
}

/**
 * Joins the current clause to the one before it. The earlier one keeps its id; a heading of the later one becomes a
 * paragraph, so that no word is lost.
 */
export const joinWithPrevious: Command = (state, dispatch) => {
  const here = clauseAtSelection(state);
  const previous = here && clausesOf(state.doc)[here.index - 1];
  if (!here || !previous) return false;
  if (!dispatch) return true;
  const { paragraph } = nodesOf(state);
  const moved = childrenOf(here.node).flatMap((child) => {
    if (child.type.name !== "clauseHeading") return child.content.size > 0 ? [child] : [];
    return child.content.size > 0 ? [paragraph.create(null, child.content)] : [];
  });
  const kept = childrenOf(previous.node).filter(
    (child, index) => index === 0 || child.content.size > 0 || moved.length === 0,
  );
  const joined = previous.node.copy(Fragment.from([...kept, ...moved]));
  const tr = state.tr.replaceWith(previous.pos, here.pos + here.node.nodeSize, joined);
  const seam = previous.pos + 1 + kept.reduce((size, child) => size + child.nodeSize, 0);
  dispatch(
    tr
      .setSelection(TextSelection.near(tr.doc.resolve(Math.min(seam + 1, previous.pos + joined.nodeSize - 1))))
      .scrollIntoView(),
  );
  return true;
};

/** One level deeper: a point under a point, otherwise the clause under the clause before it. False at level 3. */
export const indent: Command = (state, dispatch) => changeLevel(state, dispatch, 1);

/** One level up; false at the top. A point of level 1 becomes a paragraph. */
export const outdent: Command = (state, dispatch) => changeLevel(state, dispatch, -1);

/** Turns the selected paragraphs into points, or back when all of them are points. */
export const togglePoint: Command = (state, dispatch) => {
  const { paragraph, point } = nodesOf(state);
  const blocks: { pos: number; node: ProseNode }[] = [];
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node, pos) => {
    if (node.type === paragraph || node.type === point) blocks.push({ node, pos });
  });
  if (blocks.length === 0) return false;
  const target = blocks.every(({ node }) => node.type === point) ? paragraph : point;
  const tr = state.tr;
  for (const { node, pos } of blocks) if (node.type !== target) tr.setNodeMarkup(pos, target);
  dispatch?.(tr.scrollIntoView());
  return true;
};

/** Removes the current clause. The last one left is emptied under a new id, since a text has at least one clause. */
export function deleteClause(newId: NewId): Command {
  return (state, dispatch) => {
    const here = clauseAtSelection(state);
    if (!here) return false;
    const tr = state.tr;
    const isOnly = clausesOf(state.doc).length === 1;
    if (isOnly)
      tr.replaceWith(
        here.pos,
        here.pos + here.node.nodeSize,
        emptyClause(state, { id: newId(), kind: "clause", level: 1 }),
      );
    else tr.delete(here.pos, here.pos + here.node.nodeSize);
    tr.setSelection(
      TextSelection.near(tr.doc.resolve(Math.min(here.pos + (isOnly ? 2 : 0), tr.doc.content.size)), isOnly ? 1 : -1),
    );
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** Makes the current clause one of another kind; its id stays, its level is made to fit. */
export function setClauseKind(kind: ClauseKind): Command {
  return (state, dispatch) => {
    const here = clauseAtSelection(state);
    if (!here || attributesOf(here.node).kind === kind) return false;
    const level = levelFor(kind, attributesOf(here.node).level || 1);
    dispatch?.(state.tr.setNodeMarkup(here.pos, undefined, { ...here.node.attrs, kind, level }));
    return true;
  };
}

/** Puts a reference to a clause in place of the selection. False in headings and in the title, which hold text only. */
export function insertReference(target: string): Command {
  return (state, dispatch) => {
    const { clauseReference } = nodesOf(state);
    const { $from, $to } = state.selection;
    if (!$from.sameParent($to) || !$from.parent.canReplaceWith($from.index(), $to.index(), clauseReference))
      return false;
    dispatch?.(state.tr.replaceSelectionWith(clauseReference.create({ target }), false).scrollIntoView());
    return true;
  };
}

function changeLevel(state: EditorState, dispatch: Parameters<Command>[1], by: 1 | -1): boolean {
  const here = clauseAtSelection(state);
  if (!here) return false;
  const { $from } = state.selection;
  const { paragraph } = nodesOf(state);
  if ($from.parent.type.name === "point") {
    const level = attributesOf($from.parent).level + by;
    if (level > 3) return false;
    dispatch?.(
      level < 1
        ? state.tr.setNodeMarkup($from.before(), paragraph)
        : state.tr.setNodeMarkup($from.before(), undefined, { level }),
    );
    return true;
  }
  const level = attributesOf(here.node).level + by;
  if (levelFor(attributesOf(here.node).kind, level) !== level || attributesOf(here.node).level === 0) return false;
  dispatch?.(state.tr.setNodeMarkup(here.pos, undefined, { ...here.node.attrs, level }));
  return true;
}

function insertClause(
  state: EditorState,
  dispatch: Parameters<Command>[1],
  at: number,
  attrs: { id: string; kind: string; level: number },
): boolean {
  if (dispatch) {
    const tr = state.tr.insert(at, emptyClause(state, attrs));
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(at + 2))).scrollIntoView());
  }
  return true;
}

function emptyClause(state: EditorState, attrs: { id: string; kind: string; level: number }): ProseNode {
  const { clause, clauseHeading, paragraph } = nodesOf(state);
  return clause.create(attrs, [clauseHeading.create(), ...(isContainer(attrs.kind) ? [] : [paragraph.create()])]);
}

function withBody(children: readonly ProseNode[], blank: ProseNode): ProseNode[] {
  return children.some((child) => child.type.name !== "clauseHeading") ? [...children] : [...children, blank];
}

function childrenOf(node: ProseNode): ProseNode[] {
  const children: ProseNode[] = [];
  node.forEach((child) => {
    children.push(child);
  });
  return children;
}

function startOfClauses(doc: ProseNode): number {
  return clausesOf(doc)[0]?.pos ?? doc.content.size;
}

function clauseAt(doc: ProseNode, $pos: ResolvedPos): ClauseHere | undefined {
  const top = $pos.depth > 0 ? $pos.node(1) : $pos.nodeAfter;
  if (top?.type.name !== "clause") return undefined;
  const pos = $pos.depth > 0 ? $pos.before(1) : $pos.pos;
  return clausesOf(doc).find((one) => one.pos === pos);
}

function nodesOf(state: EditorState) {
  const { clause, clauseHeading, paragraph, point, clauseReference } = state.schema.nodes;
  if (!clause || !clauseHeading || !paragraph || !point || !clauseReference)
    throw new Error("This editor state does not have the charter schema.");
  return { clause, clauseHeading, paragraph, point, clauseReference };
}
