"use client";

import type { EditorState } from "@tiptap/pm/state";
import { Plugin, PluginKey, TextSelection } from "@tiptap/pm/state";
import { relativePositionToAbsolutePosition, ySyncPluginKey } from "@tiptap/y-tiptap";
import * as Y from "yjs";

/**
 * Keeps the cursor where its own words are when another edits the same block. The Yjs binding (y-tiptap 3.0.9) takes
 * every position whose block changed its text for a wrong one, guesses by content, and so lets two people who type in one
 * paragraph write backwards. As long as the block itself is still there, Yjs knows the place exactly.
 */
export function keepCursorPlugin(): Plugin {
  return new Plugin({
    key: new PluginKey("keepCursor"),
    appendTransaction: (transactions, _before, state) => {
      if (!transactions.some((tr) => tr.getMeta(ySyncPluginKey)?.isChangeOrigin)) return null;
      const sync = ySyncPluginKey.getState(state);
      // During a remote change this holds the selection from before it, in terms of Yjs.
      const kept = sync?.binding?.beforeTransactionSelection;
      if (kept?.type !== "text") return null;
      const anchor = placeOf(state, kept.anchor);
      const head = placeOf(state, kept.head);
      if (anchor === null || head === null) return null;
      const selection = TextSelection.between(state.doc.resolve(anchor), state.doc.resolve(head));
      return selection.eq(state.selection) ? null : state.tr.setSelection(selection).setMeta("addToHistory", false);
    },
  });
}

/** Where a Yjs position is now; null when the block it was in is gone, which is what the binding's guess is for. */
function placeOf(state: EditorState, relative: Y.RelativePosition | null): number | null {
  const sync = ySyncPluginKey.getState(state);
  if (!relative || !sync) return null;
  const found = Y.createAbsolutePositionFromRelativePosition(relative, sync.doc);
  if (!found || isInDeleted(found.type)) return null;
  const pos = relativePositionToAbsolutePosition(sync.doc, sync.type, relative, sync.binding.mapping);
  if (pos === null || pos > state.doc.content.size) return null;
  return state.doc.resolve(pos).parent.isTextblock ? pos : null;
}

function isInDeleted(type: Y.AbstractType<unknown>): boolean {
  let item = type._item;
  while (item) {
    if (item.deleted) return true;
    const { parent }: Y.Item = item;
    // Not in the head of a loop, where the bundler of the pages has left the name of the module unresolved.
    item = parent instanceof Y.AbstractType ? parent._item : null;
  }
  return false;
}
