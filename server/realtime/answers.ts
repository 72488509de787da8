import * as Y from "yjs";
import { encodeStep2 } from "#lib/protocol/frames.ts";
import { frameOf } from "./outlet.ts";
import type { RoomText } from "./room-text.ts";

/** Answers that are worth keeping, in bytes; a smaller one is made anew faster than it is found. */
const keptBytesMin = 4_096;
/** How many are kept: the whole text, and what the many lack who come back after a break. */
const keptMax = 2;

/**
 * What whoever enters a room lacks, as a frame that can be written to any socket. While nothing is written, all who ask with the same state vector
 * get the same bytes: a crowd that comes back costs one answer, and a reader that asks and does not read keeps no copy of its own.
 */
export class Answers {
  readonly #text: Pick<RoomText, "doc" | "unread">;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(text: Pick<RoomText, "doc" | "unread">) {
    this.#text = text;
  }

  /** The step 2 for this state vector. @throws {Error} on bytes that are no state vector. */
  frameFor(vector: Uint8Array): Uint8Array {
    const key = keyOf(vector);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const frame = frameOf(encodeStep2(this.#stateFor(key, vector)));
    if (frame.length >= keptBytesMin && vector.length < keptBytesMin) this.#keep(key, frame);
    return frame;
  }

  /** The text has changed. */
  clear(): void {
    this.#kept.clear();
  }

  /** A text that is as the database holds it need not be written anew for who has nothing of it yet. */
  #stateFor(key: string, vector: Uint8Array): Uint8Array {
    const unread = key === keyOfNothing ? this.#text.unread : undefined;
    return unread ?? Y.encodeStateAsUpdate(this.#text.doc, vector);
  }

  #keep(key: string, frame: Uint8Array): void {
    // The oldest one goes.
    for (const old of this.#kept.keys()) if (this.#kept.size >= keptMax) this.#kept.delete(old);
    this.#kept.set(key, frame);
  }
}

/** The state vector of an empty document. */
const keyOfNothing = keyOf(Y.encodeStateVector(new Y.Doc()));

function keyOf(vector: Uint8Array): string {
  return Buffer.from(vector).toString("latin1");
}
