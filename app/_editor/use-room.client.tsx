"use client";

import { useEffect, useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { type OwnWords, ownWords } from "#lib/editor/late-text.ts";
import { AcknowledgingProvider, type SaveState } from "#lib/protocol/acknowledging-provider.ts";
import type { RoomEvent } from "#lib/protocol/messages.ts";
import { settleOwnNeighbours } from "#lib/protocol/neighbours.ts";
import { clearKeptOnDevice, forgetUnsent, keepOnDevice, noteUnsent, unsentNoted } from "./kept-on-device.client.tsx";

/** One visit to a room: a document of its own, who else is there, and what is true of the reader's own words. */
export type Room = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** The whole text has arrived once; nothing is shown before. */
  readonly isReady: boolean;
  readonly isConnected: boolean;
  readonly save: SaveState;
  /** When everything was last known to be committed. */
  readonly savedAt: Date | null;
  readonly hasUnsaved: boolean;
  readonly mode: "write" | "read";
  readonly reason: string | null;
  readonly isFreezing: boolean;
  /** Asks the server again at once, for instance after signing in. */
  readonly reconnect: () => void;
};

/** What a room tells beside its state. */
export type RoomNews = {
  /** The server will not take this copy any more. `words` are the author's own that it never stored. */
  readonly onRefused: (refused: { code: string; message: string; words: OwnWords[]; wasReady: boolean }) => void;
  /** Own words went into a place that somebody had deleted. */
  readonly onLateText: (texts: readonly { clauseId: string | null; text: string }[]) => void;
};

export type RoomSource = {
  readonly charterId: string;
  readonly roomId: string;
  readonly generation: number;
  readonly userId: string;
};

/** How long after the network went the socket is tried again all the same; some networks lie. */
const retryMs = 1_000;

/** How long a refused copy waits for this device to forget it; another tab may hold it open. */
const waitForClearMs = 1_000;

const nothing: ReadonlyMap<number, number> = new Map();

/** Opens a room for as long as the component is there. Undefined before the browser has begun. */
export function useRoom(source: RoomSource, news: RoomNews): Room | undefined {
  const [room, setRoom] = useState<Room>();
  const { charterId, roomId, generation, userId } = source;
  // biome-ignore lint/correctness/useExhaustiveDependencies: news is told when it happens; a new listener is no new visit
  useEffect(() => openRoom({ charterId, roomId, generation, userId }, news, setRoom), [roomId, generation, userId]);
  return room;
}

function openRoom(source: RoomSource, news: RoomNews, show: (room: Room) => void): () => void {
  // Deleted text stays in the document, so that words written into a deleted place can still be given back.
  const doc = new Y.Doc({ gc: false });
  settleOwnNeighbours(doc);
  const kept = keepOnDevice(doc, source);
  const closing = new AbortController();
  void clearKeptOnDevice(source.userId);
  // What was written offline goes out with the first exchange, so it must be there before.
  void kept.ready.then(() => {
    if (!closing.signal.aborted) connect(source, { doc, kept, signal: closing.signal }, news, show);
  });
  return () => {
    closing.abort();
    kept.close();
    doc.destroy();
  };
}

function connect(
  source: RoomSource,
  { doc, kept, signal }: { doc: Y.Doc; kept: ReturnType<typeof keepOnDevice>; signal: AbortSignal },
  news: RoomNews,
  show: (room: Room) => void,
): void {
  let mode: Room["mode"] = "read";
  let reason: string | null = null;
  let isFreezing = false;
  let isWelcome = false;
  let isReady = false;
  let isRefused = false;
  let savedAt: Date | null = null;
  const onEvent = (event: RoomEvent) => {
    if (event.event === "welcome") {
      isWelcome = true;
      mode = event.mode;
      reason = event.reason ?? null;
      isFreezing = false;
    }
    if (event.event === "freezing") isFreezing = true;
    if (event.event === "thawed") isFreezing = false;
    if (event.event === "damaged") {
      mode = "read";
      reason = "damaged";
    }
    if (event.event === "late-text") news.onLateText(event.texts);
    draw(provider.state);
  };
  const provider = new AcknowledgingProvider({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/realtime`,
    roomId: source.roomId,
    generation: source.generation,
    doc,
    isOnline: () => navigator.onLine,
    newClientId: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 1,
    onEvent,
  });
  const draw = (save: SaveState) => {
    const isConnected = save.kind === "saved" || save.kind === "saving" || save.kind === "read-only";
    const wasReady = isReady;
    isReady ||= isConnected;
    if (save.kind === "saved") savedAt = new Date();
    // At a closed door nobody has told yet what is stored of what an earlier visit left here; the note says it.
    const left = save.kind === "refused" && !isRefused && !isWelcome ? unsentNoted(source) : nothing;
    if (save.kind === "saved" || save.kind === "refused") forgetUnsent(source, doc);
    else if (provider.hasUnsaved && mode === "write")
      noteUnsent(source, { charterId: source.charterId, from: provider.unsaved() });
    if (save.kind === "refused") {
      if (isRefused) return;
      isRefused = true;
      const { code, message } = save;
      // The copy is dead. What it kept on this device is gone before a fresh copy opens, or it would be refused once more.
      const late = new Promise<void>((resolve) => setTimeout(resolve, waitForClearMs));
      // Until then its author may write on in it: what counts as theirs is read at the last moment.
      void Promise.race([kept.clear(), late]).then(() =>
        news.onRefused({
          code,
          message,
          words: ownWords(doc, new Map([...left, ...provider.unsaved()])),
          wasReady,
        }),
      );
      return;
    }
    show({
      doc,
      awareness: provider.awareness,
      isReady,
      isConnected,
      save,
      savedAt,
      hasUnsaved: provider.hasUnsaved,
      mode,
      reason,
      isFreezing,
      reconnect: () => provider.reconnect(),
    });
  };
  provider.subscribe(draw);
  const onOffline = () => {
    // A socket over a network that is gone looks open for half a minute more.
    provider.provider.disconnect();
    setTimeout(() => signal.aborted || provider.reconnect(), retryMs);
  };
  window.addEventListener("offline", onOffline, { signal });
  window.addEventListener("online", () => provider.reconnect(), { signal });
  signal.addEventListener("abort", () => provider.destroy());
}
