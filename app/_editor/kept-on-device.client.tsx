"use client";

import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";

const prefix = "concordat-room:";
const unsentPrefix = "concordat-unsent:";

/** How long opening a draft waits for what this device kept. */
const waitMs = 2_000;

/** What one device keeps of one room for one user. Nobody else's browser session ever sends it. */
export type KeptOnDevice = {
  /** What was kept is in the document; also after a while when the browser does not answer. */
  readonly ready: Promise<void>;
  /** Forgets it: the right was lost, or the server will never take it. */
  readonly clear: () => Promise<void>;
  readonly close: () => void;
};

/** Keeps a document on this device under user, room and generation. A browser without storage keeps nothing, and all else works. */
export function keepOnDevice(
  doc: Y.Doc,
  address: { userId: string; roomId: string; generation: number },
): KeptOnDevice {
  if (typeof indexedDB === "undefined") return { ready: Promise.resolve(), clear: async () => {}, close: () => {} };
  const { userId, roomId, generation } = address;
  const kept = new IndexeddbPersistence(`${prefix}${userId}:${roomId}:${generation}`, doc);
  const late = new Promise<void>((resolve) => setTimeout(resolve, waitMs));
  const ready = kept.whenSynced.then(
    () => {},
    () => {},
  );
  return {
    ready: Promise.race([ready, late]),
    clear: () => kept.clearData().catch(() => {}),
    close: () => void kept.destroy().catch(() => {}),
  };
}

/**
 * Notes whether this device holds words of a room that the server has not committed, so that signing out can say so
 * after their tab was closed. They are gone from the note only when the server is known to have them, or they were given back.
 */
export function noteUnsent({ userId, roomId }: { userId: string; roomId: string }, isUnsent: boolean): void {
  try {
    if (isUnsent) localStorage.setItem(`${unsentPrefix}${userId}:${roomId}`, "1");
    else localStorage.removeItem(`${unsentPrefix}${userId}:${roomId}`);
  } catch {
    // A browser that keeps nothing has nothing to warn of.
  }
}

/** In how many drafts this device holds words that the server has not. */
export function unsentOnDevice(): number {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(unsentPrefix)).length;
  } catch {
    return 0;
  }
}

/**
 * Deletes what this device kept for everybody but `userId`; for nobody's sake it is left when that is null. Called where
 * a person signs out, and whenever an editor opens for somebody.
 */
export async function clearKeptOnDevice(userId: string | null): Promise<void> {
  if (typeof indexedDB === "undefined" || !("databases" in indexedDB)) return;
  const others = (name: string, of: string) =>
    name.startsWith(of) && (userId === null || !name.startsWith(`${of}${userId}:`));
  try {
    for (const name of Object.keys(localStorage)) if (others(name, unsentPrefix)) localStorage.removeItem(name);
  } catch {
    // See noteUnsent.
  }
  const databases = await indexedDB.databases().catch(() => []);
  for (const { name } of databases) {
    if (name && others(name, prefix)) indexedDB.deleteDatabase(name);
  }
}
