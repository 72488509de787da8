import type { Room } from "./room.ts";
import type { NewUpdate } from "./store.ts";

/** Edits that go on without a pause are written into the history this often. */
const longestMs = 60_000;

/**
 * Chooses the moments at which a room's edits become revisions of its clauses: a pause, the last one leaving, a freeze, unloading, and the
 * first opening after a crash. What is written is made from the log alone, so a moment that is missed loses nothing:
 * the next one makes it up.
 */
export class Historian {
  readonly #record: (room: Room) => Promise<void>;
  readonly #quietMs: number;
  readonly #onError: (error: unknown, room: Room) => void;
  /** Rooms with edits that are not in the history yet, and since when. */
  readonly #due = new Map<Room, { readonly since: number; lastAt: number }>();
  readonly #running = new Map<Room, Promise<void>>();
  /** Rooms whose moment has come. One is written at a time: all at once they would take every connection to the database from those who type. */
  readonly #turns = new Set<Room>();
  #isBusy = false;

  constructor(record: (room: Room) => Promise<void>, quietMs: number, onError: (error: unknown, room: Room) => void) {
    this.#record = record;
    this.#quietMs = quietMs;
    this.#onError = onError;
  }

  /** Edits of a room were committed. */
  noteCommit(room: Room, updates: readonly NewUpdate[]): void {
    if (updates.length > 0) this.#noteDue(room, performance.now());
  }

  /** A room was loaded; a crash may have left edits out of its history. Of a damaged log none is made. */
  noteLoaded(room: Room): void {
    if (room.head.seq > 0 && room.mode !== "damaged") this.#noteDue(room, performance.now());
  }

  /** The last one left a room. */
  noteEmpty(room: Room): void {
    if (this.#due.has(room)) this.#queue(room);
  }

  /** Called every few seconds. */
  tick(now: number): void {
    for (const [room, { since, lastAt }] of this.#due) {
      if (now - lastAt >= this.#quietMs || now - since >= longestMs) this.#queue(room);
    }
  }

  /** Writes what is due of a room; one at a time for each. Failures are told, not thrown: the log still has everything. */
  async write(room: Room): Promise<void> {
    await this.#running.get(room);
    if (!this.#due.has(room)) return;
    this.#due.delete(room);
    const run = this.#record(room)
      .catch((error: unknown) => {
        this.#onError(error, room);
        if (room.mode !== "discarded") this.#noteDue(room, performance.now());
      })
      .finally(() => this.#running.delete(room));
    this.#running.set(room, run);
    await run;
  }

  #queue(room: Room): void {
    this.#turns.add(room);
    if (!this.#isBusy) void this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    this.#isBusy = true;
    for (const room of this.#turns) {
      this.#turns.delete(room);
      await this.write(room);
    }
    this.#isBusy = false;
  }

  #noteDue(room: Room, now: number): void {
    const due = this.#due.get(room);
    if (due) due.lastAt = now;
    else this.#due.set(room, { since: now, lastAt: now });
  }
}
