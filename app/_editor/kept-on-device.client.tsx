"use client";

import { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { z } from "zod";
import { type OwnWords, ownWords } from "#lib/editor/late-text.ts";

const prefix = "concordat-room:";
const unsentPrefix = "concordat-unsent:";

/** Whose copy of which room. */
type Place = { readonly userId: string; readonly roomId: string; readonly generation: number };

function nameOf({ userId, roomId, generation }: Place): string {
  return `${userId}:${roomId}:${generation}`;
}

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
export function keepOnDevice(doc: Y.Doc, place: Place): KeptOnDevice {
  if (typeof indexedDB === "undefined") return { ready: Promise.resolve(), clear: async () => {}, close: () => {} };
  const kept = new IndexeddbPersistence(prefix + nameOf(place), doc);
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
 * Notes which words of a room this device holds that the server has not committed, so that signing out can say so after their tab was closed, and the
 * next visit can give them back where the text goes on elsewhere by then. They are gone from the note only when the server is known
 * to have them, or they were given back; see `forgetUnsent`.
 */
export function noteUnsent(place: Place, unsent: Unsent): void {
  const name = unsentPrefix + nameOf(place);
  // What an earlier visit noted, or another tab, holds until it is committed.
  write(name, { ...unsent, from: new Map([...(noteUnder(name)?.from ?? []), ...unsent.from]) });
}

/** What the note says is not committed, from which clock on for each Yjs client. */
export function unsentNoted(place: Place): ReadonlyMap<number, number> {
  return noteUnder(unsentPrefix + nameOf(place))?.from ?? new Map();
}

/** Takes off the note what a copy holds that is saved, or whose words were given back. Another tab's words, which it does not hold, stay noted. */
export function forgetUnsent(place: Place, doc: Y.Doc): void {
  const name = unsentPrefix + nameOf(place);
  const note = noteUnder(name);
  if (!note) return;
  const rest = [...note.from].filter(([client, clock]) => Y.getState(doc.store, client) <= clock);
  if (rest.length < note.from.size || rest.length === 0) write(name, { ...note, from: new Map(rest) });
}

function write(name: string, { charterId, from }: Unsent): void {
  try {
    if (from.size === 0) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify({ charterId, from: [...from] }));
  } catch {
    // A browser that keeps nothing has nothing to warn of.
  }
}

/** Words that were not sent, from this clock on for each Yjs client. */
type Unsent = { readonly charterId: string; readonly from: ReadonlyMap<number, number> };

const Note = z.object({ charterId: z.string(), from: z.array(z.tuple([z.number(), z.number()])) });

function noteUnder(name: string): Unsent | undefined {
  try {
    const { charterId, from } = Note.parse(JSON.parse(localStorage.getItem(name) ?? ""));
    return { charterId, from: new Map(from) };
  } catch {
    return undefined;
  }
}

/**
 * Words that tabs now closed have left here for a charter whose text goes on in another place than theirs: in a new room after a freeze, or in
 * another generation after the database was restored. `forget` is to be called once they are shown.
 */
export async function leftOnDevice(
  charterId: string,
  present: Place,
): Promise<{ readonly words: OwnWords[]; readonly forget: () => void }> {
  if (typeof indexedDB === "undefined") return { words: [], forget: () => {} };
  const own = `${unsentPrefix}${present.userId}:`;
  const names = unsentNames().filter((name) => name.startsWith(own) && name !== unsentPrefix + nameOf(present));
  const left = await Promise.all(
    names.map(async (name) => {
      const note = noteUnder(name);
      return note?.charterId === charterId ? wordsLeft(name.slice(unsentPrefix.length), note.from) : undefined;
    }),
  );
  const found = left.filter((one) => one !== undefined);
  return {
    words: found.flatMap((one) => one.words),
    forget: () => {
      for (const one of found) one.forget();
    },
  };
}

/** Undefined where the browser does not answer in time; then they stay where they are. */
async function wordsLeft(place: string, from: ReadonlyMap<number, number>) {
  const doc = new Y.Doc({ gc: false });
  const kept = new IndexeddbPersistence(prefix + place, doc);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), waitMs));
  const isRead = await Promise.race([kept.whenSynced.then(() => true), late]).catch(() => false);
  if (!isRead) {
    doc.destroy();
    return undefined;
  }
  return {
    words: ownWords(doc, from),
    forget: () => {
      localStorage.removeItem(unsentPrefix + place);
      void kept.clearData().catch(() => {});
      doc.destroy();
    },
  };
}

/** In how many drafts this device holds words that the server has not. */
export function unsentOnDevice(): number {
  return unsentNames().length;
}

function unsentNames(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(unsentPrefix));
  } catch {
    return [];
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
    // See write.
  }
  const databases = await indexedDB.databases().catch(() => []);
  for (const { name } of databases) {
    if (name && others(name, prefix)) indexedDB.deleteDatabase(name);
  }
}
