import * as Y from "yjs";
import { encodeStep2 } from "#lib/protocol/frames.ts";
import { frameOf } from "./outlet.ts";

/** Answers that are worth keeping, in bytes; a smaller one is made anew faster than it is found. */
const keptBytesMin = 4_096;
/** How many are kept: the whole text, and what the many lack who come back after a break. */
const keptMax = 2;

/**
 * What whoever enters a room lacks, as a frame that can be written to any socket. While nothing is written, all who ask with the same state vector
 * get the same bytes: a crowd that comes back costs one answer, and a reader that asks and does not read keeps no copy of its own.
 */
export class Answers {
  readonly #doc: Y.Doc;
  readonly #kept = new Map<string, Uint8Array>();

  constructor(doc: Y.Doc) {
    this.#doc = doc;
  }

  /** The step 2 for this state vector. @throws {Error} on bytes that are no state vector. */
  frameFor(vector: Uint8Array): Uint8Array {
    const key = keyOf(vector);
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const frame = frameOf(encodeStep2(Y.encodeStateAsUpdate(this.#doc, vector)));
    if (frame.length >= keptBytesMin && vector.length < keptBytesMin) this.#keep(key, frame);
    return frame;
  }

  /** `state` is the whole text, as whoever has nothing of it yet gets it: a text that was just read from the database need not be written anew. */
  prime(state: Uint8Array): void {
    if (state.length >= keptBytesMin) this.#keep(keyOf(nothingYet), frameOf(encodeStep2(state)));
  }

  /** The text has changed. */
  clear(): void {
    this.#kept.clear();
  }

  #keep(key: string, frame: Uint8Array): void {
    // The oldest one goes.
    for (const old of this.#kept.keys()) if (this.#kept.size >= keptMax) this.#kept.delete(old);
    this.#kept.set(key, frame);
  }
}

/** The state vector of an empty document. */
const nothingYet = Y.encodeStateVector(new Y.Doc());

function keyOf(vector: Uint8Array): string {
  return Buffer.from(vector).toString("latin1");
}
