import * as Y from "yjs";
import { deletingBytesMax, insertionsMax, ownBytesMax, sharedBytesMax, stateBytesMax } from "#lib/protocol/limits.ts";
import type { Peer } from "./peer.ts";
import type { Shares } from "./shares.ts";

/** How large a text is, against its limits. The true size is measured once a second at most; between, payloads are added up. */
export class TextSize {
  readonly #text: { readonly doc: Y.Doc };
  readonly #shares: Pick<Shares, "bytesOf" | "add">;
  #stateBytes = 0;
  /** Counted before the first update. */
  #insertions: number | undefined;
  #measuredAt = Number.NEGATIVE_INFINITY;

  /** `stateBytes` is what the text was made of: its own state is no larger, but for a few bytes. */
  constructor(text: { readonly doc: Y.Doc }, shares: Pick<Shares, "bytesOf" | "add">, stateBytes: number) {
    this.#text = text;
    this.#shares = shares;
    this.#stateBytes = stateBytes;
  }

  /** Why an update of `author` does not fit any more; undefined where it does. */
  refusalOf(update: Uint8Array, author: Pick<Peer, "origin" | "holds">): "too-large" | "over-share" | undefined {
    // It begins with the number of clients of which it holds something new.
    if (update[0] === 0) return this.#isAbove(deletingBytesMax, update) ? "too-large" : undefined;
    if (this.#isAbove(stateBytesMax, update) || this.#hasTooMany()) return "too-large";
    const { organizationId } = author.origin;
    if (organizationId === null || !this.#isAbove(sharedBytesMax, update)) return undefined;
    return this.#shares.bytesOf(organizationId, author) + update.length > ownBytesMax ? "over-share" : undefined;
  }

  #isAbove(bytes: number, update: Uint8Array): boolean {
    const isOver = () => this.#stateBytes + update.length > bytes;
    if (isOver()) this.#measure();
    return isOver();
  }

  #hasTooMany(): boolean {
    if (this.#count() > insertionsMax) this.#measure();
    return this.#count() > insertionsMax;
  }

  /** An update of `author` was taken. */
  add(update: Uint8Array, author: Pick<Peer, "origin">): void {
    this.#stateBytes += update.length;
    if (author.origin.organizationId !== null) this.#shares.add(author.origin.organizationId, update.length);
    // Every character takes a byte at least.
    this.#insertions = this.#count() + update.length;
  }

  #measure(): void {
    if (performance.now() - this.#measuredAt <= 1_000) return;
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
