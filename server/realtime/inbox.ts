import type * as Y from "yjs";

type Frame = { readonly take: (bytes: Uint8Array) => void; readonly bytes: Uint8Array };

/**
 * Frames of all who are in a room that came in the same turn of the event loop, taken in order and in one transaction of the document:
 * what Yjs does at the end of each is done once for all of them.
 */
export class Inbox {
  readonly #doc: Y.Doc;
  #frames: Frame[] = [];

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** Hands `bytes` to `take` before the event loop goes on to the next turn. `take` must not throw. */
  push(take: (bytes: Uint8Array) => void, bytes: Uint8Array): void {
    if (this.#frames.length === 0) setImmediate(() => this.#takeAll());
    this.#frames.push({ take, bytes });
  }

  #takeAll(): void {
    const frames = this.#frames;
    this.#frames = [];
    this.#doc.transact(() => {
      for (const { take, bytes } of frames) take(bytes);
    });
  }
}
