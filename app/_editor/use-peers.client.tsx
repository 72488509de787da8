"use client";

import type { Editor } from "@tiptap/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { freshenCarets } from "./carets.client.tsx";
import { rowsOf } from "./margin.client.tsx";
import { type Peer, peersIn } from "./peers.client.tsx";
import type { Room } from "./use-room.client.tsx";

type AwarenessChange = { readonly added: number[]; readonly updated: number[] };

/** Who else is here and where, kept up as they come, move and go. `lastMovedAt` has milliseconds by client. */
export function usePeers(
  room: Room,
  editor: Editor | null,
): {
  peers: readonly Peer[];
  lastMovedAt: ReadonlyMap<number, number>;
  setMoving: (clauseId: string | null) => void;
} {
  const [peers, setPeers] = useState<readonly Peer[]>([]);
  const lastMovedAt = useRef(new Map<number, number>());
  const { awareness, doc } = room;
  useEffect(() => {
    if (!editor) return;
    let known = "";
    const cursors = new Map<number, string>();
    const look = () => {
      if (editor.isDestroyed) return;
      const now = peersIn(awareness, doc.clientID, editor.state, rowsOf(editor.state));
      const key = JSON.stringify(now);
      if (key !== known) setPeers(now);
      known = key;
    };
    const onChange = ({ added, updated }: AwarenessChange) => {
      for (const clientId of [...added, ...updated]) {
        const state = awareness.getStates().get(clientId);
        const cursor = JSON.stringify(state?.cursor ?? null);
        // A state is also renewed without news, to show that its owner still lives.
        if (clientId === doc.clientID || cursors.get(clientId) === cursor) continue;
        cursors.set(clientId, cursor);
        lastMovedAt.current.set(clientId, Date.now());
        const userId: unknown = state?.user?.id;
        if (typeof userId === "string" && !editor.isDestroyed) freshenCarets(editor.view.dom, userId);
      }
      // The editor draws carets in its own turn; positions are known behind it.
      queueMicrotask(look);
    };
    awareness.on("change", onChange);
    editor.on("update", look);
    look();
    return () => {
      awareness.off("change", onChange);
      editor.off("update", look);
    };
  }, [awareness, doc, editor]);
  const setMoving = useCallback(
    (clauseId: string | null) => awareness.setLocalStateField("moving", clauseId),
    [awareness],
  );
  return { peers, lastMovedAt: lastMovedAt.current, setMoving };
}
