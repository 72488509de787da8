import type { RoomText } from "./room-text.ts";

type Frame = { readonly take: (bytes: Uint8Array) => void; readonly bytes: Uint8Array };

/**
 * Frames of all who are in a room that came in the same turn of the event loop, taken in order and in one transaction of the document:
 * what Yjs does at the end of each is done once for all of them.
 */
export class Inbox {
  readonly #text: Pick<RoomText, "transact">;
  #frames: Frame[] = [];
  #ends: (() => void)[] = [];
  #isScheduled = false;

  constructor(text: Pick<RoomText, "transact">) {
    this.#text = text;
  }

  /** Hands `bytes` to `take` before the event loop goes on to the next turn. `take` must not throw. */
  push(take: (bytes: Uint8Array) => void, bytes: Uint8Array): void {
    this.#schedule();
    this.#frames.push({ take, bytes });
  }

  /** Calls `end` once the frames of this turn are taken. It must not throw. */
  atEnd(end: () => void): void {
    this.#schedule();
    this.#ends.push(end);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#takeAll());
  }

  #takeAll(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#text.transact(() => {
      for (const { take, bytes } of frames) take(bytes);
      // Frames may have asked for more ends; these are of this turn too.
      const ends = this.#ends;
      this.#ends = [];
      this.#isScheduled = false;
      for (const end of ends) end();
    });
  }
}
