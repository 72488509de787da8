import type * as Y from "yjs";
import { type RoomLog, replay } from "./store.ts";

/**
 * The text of a room. Where a snapshot holds all of it, the document is made when it is first needed: to somebody who has nothing yet the snapshot
 * itself is the answer, and a room that is only read never needs one.
 */
export class RoomText {
  readonly #onBroken: () => void;
  #log: Pick<RoomLog, "snapshot" | "updates"> | undefined;
  #doc: Y.Doc | undefined;

  /** `onBroken` is called before `doc` throws: what is stored can not be made into a document. */
  constructor(log: RoomLog, onBroken: () => void) {
    this.#onBroken = onBroken;
    this.#log = log;
    if (this.unread === undefined) this.#doc = replay(log);
    if (this.#doc) this.#log = undefined;
  }

  /** The whole text as an update, while no document was made of it. */
  get unread(): Uint8Array | undefined {
    return this.#log?.updates.length === 0 ? this.#log.snapshot : undefined;
  }

  /** @throws {Error} what Yjs said of a stored text that it can not read. */
  get doc(): Y.Doc {
    this.#doc ??= this.#read();
    return this.#doc;
  }

  /** Runs `run` as one transaction of the document, if there is one. */
  transact(run: () => void): void {
    if (this.#doc) this.#doc.transact(run);
    else run();
  }

  #read(): Y.Doc {
    if (!this.#log) throw new Error("A text is neither stored nor read.");
    try {
      const doc = replay(this.#log);
      this.#log = undefined;
      return doc;
    } catch (error) {
      this.#onBroken();
      throw error;
    }
  }
}
