import * as Y from "yjs";
import { insertionsMax, stateBytesMax } from "#lib/protocol/limits.ts";

/** How large a text is, against its limits. The true size is measured once a second at most; between, payloads are added up. */
export class TextSize {
  readonly #text: { readonly doc: Y.Doc };
  #stateBytes = 0;
  /** Counted before the first update. */
  #insertions: number | undefined;
  #measuredAt = Number.NEGATIVE_INFINITY;

  /** `stateBytes` is what the text was made of: its own state is no larger, but for a few bytes. */
  constructor(text: { readonly doc: Y.Doc }, stateBytes: number) {
    this.#text = text;
    this.#stateBytes = stateBytes;
  }

  /** Whether the text would grow over its limits. */
  wouldBurst(update: Uint8Array): boolean {
    const isOver = () => this.#stateBytes + update.length > stateBytesMax || this.#count() > insertionsMax;
    if (isOver() && performance.now() - this.#measuredAt > 1_000) this.#measure();
    return isOver();
  }

  /** An update was taken. */
  add(update: Uint8Array): void {
    this.#stateBytes += update.length;
    // Every character takes a byte at least.
    this.#insertions = this.#count() + update.length;
  }

  #measure(): void {
    this.#measuredAt = performance.now();
    this.#stateBytes = Y.encodeStateAsUpdate(this.#text.doc).length;
    this.#insertions = undefined;
  }

  #count(): number {
    this.#insertions ??= insertionsIn(this.#text.doc);
    return this.#insertions;
  }
}

function insertionsIn(doc: Y.Doc): number {
  let count = 0;
  for (const structs of doc.store.clients.values())
    for (const struct of structs) if (isKept(struct)) count += struct.length;
  return count;
}

/** A stretch that only says that it is dead has no text to keep, and six bytes can make it as long as they like. */
function isKept(struct: Y.Item | Y.GC): boolean {
  return struct instanceof Y.Item && !(struct.content instanceof Y.ContentDeleted);
}
