import type { Node as ProseNode } from "@tiptap/pm/model";
import type { EditorState, Transaction } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { ClauseId } from "#lib/domain/ids.ts";
import type { NewId } from "./commands.ts";
import { clausesOf } from "./commands.ts";
import { attributesOf, isContainer, levelFor } from "./schema.ts";

/** Name under which the Yjs binding marks transactions that brought another's edits. */
const remoteMark = "y-sync$";

/**
 * Keeps every clause in shape after a local edit: an id of its own (the later of two with one id is renewed; a paste
 * or a merge makes such), a heading first, a body, and a level that fits its kind. Edits that came from others are left alone,
 * so that two editors never correct the same thing against each other.
 */
export function tidyPlugin(newId: NewId): Plugin {
  return new Plugin({
    key: new PluginKey("tidy"),
    appendTransaction: (transactions, _before, state) => {
      const isLocal = transactions.some((tr) => tr.docChanged && !tr.getMeta(remoteMark));
      return isLocal ? tidy(state, newId) : null;
    },
  });
}

/** The transaction that brings all clauses into shape, or null when they are. Positions are kept where possible. */
export function tidy(state: EditorState, newId: NewId): Transaction | null {
  const tr = state.tr;
  const taken = new Set<string>();
  for (const { node, pos } of clausesOf(state.doc)) {
    const { id: ownId, kind, level: ownLevel } = attributesOf(node);
    const hasOwnId = ClauseId.safeParse(ownId).success && !taken.has(ownId ?? "");
    const id = hasOwnId && ownId ? ownId : newId();
    taken.add(id);
    const level = levelFor(kind, ownLevel);
    const at = tr.mapping.map(pos);
    if (!hasOwnId || level !== ownLevel) tr.setNodeMarkup(at, undefined, { id, kind, level });
    fillClause(tr, at, node, state);
  }
  dropNul(tr);
  return tr.docChanged ? tr.setMeta("addToHistory", false) : null;
}

function fillClause(tr: Transaction, at: number, node: ProseNode, state: EditorState): void {
  const { clauseHeading, paragraph } = state.schema.nodes;
  if (!clauseHeading || !paragraph) return;
  let hasBody = isContainer(attributesOf(node).kind);
  node.forEach((child, offset, index) => {
    if (child.type !== clauseHeading || index > 0) hasBody = true;
    // A second heading, left by two edits that met, becomes a paragraph: its words stay where they are.
    if (child.type === clauseHeading && index > 0) tr.setNodeMarkup(at + 1 + offset, paragraph);
  });
  if (!hasBody) tr.insert(at + 1 + node.content.size, paragraph.create());
  if (node.firstChild?.type !== clauseHeading) tr.insert(at + 1, clauseHeading.create());
}

/** No room takes U+0000, because PostgreSQL stores none: one that a paste brought would have the whole edit refused. */
function dropNul(tr: Transaction): void {
  if (!tr.doc.textContent.includes("\0")) return;
  const found: number[] = [];
  tr.doc.descendants((node, pos) => {
    for (const [at, unit] of (node.text ?? "").split("").entries()) if (unit === "\0") found.push(pos + at);
  });
  for (const pos of found.reverse()) tr.delete(pos, pos + 1);
}
