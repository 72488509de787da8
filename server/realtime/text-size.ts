import * as Y from "yjs";
import { insertionsMax, stateBytesMax } from "#lib/protocol/limits.ts";

/** How large a text is, against its limits. The true size is measured once a second at most; between, payloads are added up. */
export class TextSize {
  readonly #doc: Y.Doc;
  #stateBytes = 0;
  #insertions = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;

  /** `stateBytes` is what the text was made of: its own state is no larger, but for a few bytes. */
  constructor(doc: Y.Doc, stateBytes: number) {
    this.#doc = doc;
    this.#stateBytes = stateBytes;
    this.#countInsertions();
  }

  /** Whether the text would grow over its limits. */
  wouldBurst(update: Uint8Array): boolean {
    const isOver = () => this.#stateBytes + update.length > stateBytesMax || this.#insertions > insertionsMax;
    if (isOver() && performance.now() - this.#measuredAt > 1_000) this.#measure();
    return isOver();
  }

  /** An update was taken. */
  add(update: Uint8Array): void {
    this.#stateBytes += update.length;
    // Every character takes a byte at least.
    this.#insertions += update.length;
  }

  #measure(): void {
    this.#measuredAt = performance.now();
    this.#stateBytes = Y.encodeStateAsUpdate(this.#doc).length;
    this.#countInsertions();
  }

  #countInsertions(): void {
    this.#insertions = 0;
    for (const structs of this.#doc.store.clients.values())
      for (const struct of structs) if (isKept(struct)) this.#insertions += struct.length;
  }
}

/** A stretch that only says that it is dead has no text to keep, and six bytes can make it as long as they like. */
function isKept(struct: Y.Item | Y.GC): boolean {
  return struct instanceof Y.Item && !(struct.content instanceof Y.ContentDeleted);
}
