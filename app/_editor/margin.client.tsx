"use client";

import type { Node as ProseNode } from "@tiptap/pm/model";
import type { EditorState } from "@tiptap/pm/state";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import { referenceLabel } from "#lib/editor/clauses.ts";
import { clauseAtSelection } from "#lib/editor/commands.ts";
import { type OutlineRow, outlineOf } from "#lib/editor/outline.ts";
import { targetOf } from "#lib/editor/schema.ts";

/** What the page knows of clauses beside their text: open comments by clause id, and which changed since the last visit. */
export type ClauseFacts = {
  readonly comments: ReadonlyMap<string, number>;
  readonly changed: ReadonlySet<string>;
};

/** What a clause's node view is told through its decoration. */
export type ClauseMargin = {
  readonly number: string;
  readonly kind: string;
  readonly comments: number;
  readonly isChanged: boolean;
  readonly isCurrent: boolean;
};

type MarginState = {
  readonly facts: ClauseFacts;
  readonly rows: readonly OutlineRow[];
  readonly decorations: DecorationSet;
};

/** Give it new `ClauseFacts` as a transaction's meta to show them. */
export const marginKey = new PluginKey<MarginState>("margin");

const noFacts: ClauseFacts = { comments: new Map(), changed: new Set() };

/**
 * Numbers clauses and labels references while the text is written. Numbers are computed from the whole text on each
 * change and shown as decorations: nothing of them is ever stored in the draft.
 */
export function marginPlugin(): Plugin<MarginState> {
  return new Plugin<MarginState>({
    key: marginKey,
    state: {
      init: (_config, state) => marginOf(state, noFacts, outlineOf(state.doc)),
      apply: (tr, before, _old, state) => {
        const facts: ClauseFacts = tr.getMeta(marginKey) ?? before.facts;
        if (tr.docChanged) return marginOf(state, facts, outlineOf(state.doc));
        return facts !== before.facts || tr.selectionSet ? marginOf(state, facts, before.rows) : before;
      },
    },
    props: { decorations: (state) => marginKey.getState(state)?.decorations },
  });
}

/** The outline as the margin shows it now. */
export function rowsOf(state: EditorState): readonly OutlineRow[] {
  return marginKey.getState(state)?.rows ?? [];
}

function marginOf(state: EditorState, facts: ClauseFacts, rows: readonly OutlineRow[]): MarginState {
  const current = clauseAtSelection(state)?.index;
  const labels = new Map(rows.map((row) => [row.id, referenceLabel(row)]));
  const decorations: Decoration[] = [];
  for (const row of rows) {
    const node = state.doc.nodeAt(row.pos);
    if (!node) continue;
    const margin: ClauseMargin = {
      number: row.number,
      kind: row.kind,
      comments: facts.comments.get(row.id) ?? 0,
      isChanged: facts.changed.has(row.id),
      isCurrent: row.index === current,
    };
    // The decoration carries its facts as spec: the node view redraws only when one of them differs.
    decorations.push(Decoration.node(row.pos, row.pos + node.nodeSize, {}, margin));
    decorateInside(node, row.pos, labels, state, decorations);
  }
  return { facts, rows, decorations: DecorationSet.create(state.doc, decorations) };
}

function decorateInside(
  clause: ProseNode,
  pos: number,
  labels: ReadonlyMap<string, string>,
  state: EditorState,
  decorations: Decoration[],
): void {
  const { from } = state.selection;
  clause.forEach((child, offset) => {
    const at = pos + 1 + offset;
    if (child.type.name === "clauseHeading" && child.content.size === 0) {
      // A heading nobody has written takes no room until the cursor stands in it.
      const isHere = from >= at && from <= at + child.nodeSize;
      if (!isHere) decorations.push(Decoration.node(at, at + child.nodeSize, { class: "is-folded" }));
    }
    child.forEach((inner, innerOffset) => {
      if (inner.type.name !== "clauseReference") return;
      const target = targetOf(inner);
      const label = (target && labels.get(target)) || "";
      const start = at + 1 + innerOffset;
      decorations.push(Decoration.node(start, start + inner.nodeSize, {}, { label }));
    });
  });
}
