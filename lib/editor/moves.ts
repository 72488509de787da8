import type { Command } from "@tiptap/pm/state";
import { Selection } from "@tiptap/pm/state";
import type { ClauseHere } from "./commands.ts";
import { clauseAtSelection, clausesOf } from "./commands.ts";
import { attributesOf } from "./schema.ts";

/**
 * Moves the current clause, with the sub-clauses under it, one place up: over the clause before it and what is under
 * that one, or out of its section to the end of the one before. A section moves whole, over a whole section.
 */
export const moveClauseUp: Command = (state, dispatch) => move(state, dispatch, "up");

/** Moves the current clause, or the whole section when the cursor is in a section's own clause, one place down. */
export const moveClauseDown: Command = (state, dispatch) => move(state, dispatch, "down");

/** Moves a clause with all under it so that it stands before the clause at `index`; -1 or past the end means last. */
export function moveClauseTo(id: string, index: number): Command {
  return (state, dispatch) => {
    const clauses = clausesOf(state.doc);
    const at = clauses.findIndex((one) => attributesOf(one.node).id === id);
    if (at < 0) return false;
    const end = endOf(clauses, at);
    const target = index < 0 || index > clauses.length ? clauses.length : index;
    if (target >= at && target <= end) return false;
    return target < at
      ? swap(state, dispatch, clauses, target, at, end, id)
      : swap(state, dispatch, clauses, at, end, target, id);
  };
}

/** The place after the last clause that moves together with the one at `index`. */
export function endOf(clauses: readonly ClauseHere[], index: number): number {
  const depth = depthAt(clauses, index);
  let end = index + 1;
  if (depth < 0) return end;
  while (end < clauses.length && depthAt(clauses, end) > depth) end += 1;
  return end;
}

function move(state: Parameters<Command>[0], dispatch: Parameters<Command>[1], way: "up" | "down"): boolean {
  const here = clauseAtSelection(state);
  if (!here) return false;
  const clauses = clausesOf(state.doc);
  const depth = depthAt(clauses, here.index);
  const end = endOf(clauses, here.index);
  if (way === "up") {
    let start = here.index - 1;
    while (start > 0 && depthAt(clauses, start) > depth) start -= 1;
    return start >= 0 && swap(state, dispatch, clauses, start, here.index, end, attributesOf(here.node).id);
  }
  if (end >= clauses.length) return false;
  // Past the heading of the next section only, not past all of it: the clause becomes its first one.
  const after = depthAt(clauses, end) < depth ? end + 1 : endOf(clauses, end);
  return swap(state, dispatch, clauses, here.index, end, after, attributesOf(here.node).id);
}

/** Exchanges the clauses [start, middle) and [middle, end); the cursor goes with the clause it was in. */
function swap(
  state: Parameters<Command>[0],
  dispatch: Parameters<Command>[1],
  clauses: readonly ClauseHere[],
  start: number,
  middle: number,
  end: number,
  movedId: unknown,
): boolean {
  const first = clauses[start];
  const last = clauses[end - 1];
  if (!first || !last || start >= middle || middle >= end) return false;
  if (!dispatch) return true;
  const offset = state.selection.from - (clauseAtSelection(state)?.pos ?? 0);
  // The nodes themselves are kept: the Yjs binding recognizes them and rewrites only those that changed places.
  const order = [...clauses.slice(middle, end), ...clauses.slice(start, middle)].map((one) => one.node);
  const tr = state.tr.replaceWith(first.pos, last.pos + last.node.nodeSize, order);
  const moved = clausesOf(tr.doc).find((one) => attributesOf(one.node).id === movedId);
  const at = Math.min((moved?.pos ?? first.pos) + offset, tr.doc.content.size);
  tr.setSelection(Selection.near(tr.doc.resolve(at)));
  dispatch(tr.setMeta("movedClause", movedId).scrollIntoView());
  return true;
}

/** How deep a clause stands for moving: sections, final provisions and annexes 0, clauses 1 to 3; a preamble holds nothing. */
function depthAt(clauses: readonly ClauseHere[], index: number): number {
  const node = clauses[index]?.node;
  if (!node) return 0;
  return attributesOf(node).kind === "preamble" ? 0 : Number(attributesOf(node).level);
}
