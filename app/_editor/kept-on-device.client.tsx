"use client";

import { IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";

const prefix = "concordat-room:";

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
 * Deletes what this device kept for everybody but `userId`; for nobody's sake it is left when that is null. Called where
 * a person signs out, and whenever an editor opens for somebody.
 */
export async function clearKeptOnDevice(userId: string | null): Promise<void> {
  if (typeof indexedDB === "undefined" || !("databases" in indexedDB)) return;
  const databases = await indexedDB.databases().catch(() => []);
  for (const { name } of databases) {
    const isOurs = name?.startsWith(prefix) ?? false;
    if (name && isOurs && (userId === null || !name.startsWith(`${prefix}${userId}:`))) indexedDB.deleteDatabase(name);
  }
}
