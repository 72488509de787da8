"use client";

import type { SaveState } from "#lib/protocol/acknowledging-provider.ts";

/** The one sentence about saving and how it is marked beside its words. `savedAt` is when everything was last committed. */
export function saveWords(
  save: SaveState,
  savedAt: Date | null = null,
): { readonly words: string; readonly tone: "good" | "wait" | "problem" } {
  switch (save.kind) {
    case "connecting":
      return { words: "Connecting…", tone: "wait" };
    case "saved":
      return { words: savedAt ? `Saved ${clock(savedAt)}` : "All changes saved", tone: "good" };
    case "saving":
      return { words: "Saving…", tone: "wait" };
    case "offline":
      return { words: save.hasUnsaved ? "Offline — kept on this device" : "Offline — nothing unsaved", tone: "wait" };
    case "reconnecting":
      return { words: save.hasUnsaved ? "Reconnecting — kept on this device" : "Reconnecting…", tone: "wait" };
    case "read-only":
      return { words: "Read-only", tone: "wait" };
    case "signed-out":
      return { words: save.hasUnsaved ? "Signed out — your text is kept" : "Signed out", tone: "problem" };
    case "refused":
      return { words: "Not saved", tone: "problem" };
  }
}

function clock(at: Date): string {
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(at);
}
