import type { Decoder } from "lib0/decoding";
import * as Y from "yjs";
import { Refused, type Struct } from "./guard-places.ts";

/** What an update says. The structs of a client follow one another; clients stand in falling order, each of them once. */
export type Reading = { readonly structs: readonly Struct[]; readonly deletes: Ranges };
export type Ranges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

/** Structs and delete ranges in one update. 512 KiB of the shortest lines that can be pasted have 46,000, each sixtieth letter of 2 MiB replaced 51,000. */
const partsMax = 100_000;

/**
 * Reads an update as Yjs does, and takes only what can be read in one way: Yjs passes over all but the last group of a client where it applies an
 * update, and over none where it merges two. What no text of ours holds is refused before it is made: five bytes make a whole document.
 *
 * @throws {Refused} malformed, content-type, gap, too-many-parts.
 */
export function readUpdate(update: Uint8Array): Reading {
  try {
    const { structs, ds } = Y.decodeUpdateV2(update, StrictDecoder);
    if (lastMade?.isAtEnd !== true) throw new Refused("malformed");
    return { structs: structs.filter((struct) => !(struct instanceof Y.Skip)), deletes: ds.clients };
  } catch (error) {
    if (error instanceof Refused) throw error;
    // Yjs throws many kinds of errors on bytes that are no update, a stack overflow among them.
    throw new Refused("malformed");
  } finally {
    lastMade = undefined;
  }
}

/** Yjs makes the decoder itself and does not give it away; this is the one of the reading that is under way. */
let lastMade: StrictDecoder | undefined;

class StrictDecoder extends Y.UpdateDecoderV1 {
  #client = Number.POSITIVE_INFINITY;
  #parts = 0;

  constructor(decoder: Decoder) {
    super(decoder);
    lastMade = this;
  }

  /** What follows an update would be stored and sent on, and nobody would have looked at it. */
  get isAtEnd(): boolean {
    return this.restDecoder.pos === this.restDecoder.arr.length;
  }

  /** Called once for each group of structs. */
  override readClient(): number {
    const client = super.readClient();
    if (!(client < this.#client)) throw new Refused("malformed");
    this.#client = client;
    return client;
  }

  override readInfo(): number {
    const info = super.readInfo();
    const kind = info & 31;
    if (kind === skip) throw new Refused("gap");
    if (!kinds.has(kind)) throw new Refused("content-type");
    this.#count();
    return info;
  }

  override readDsClock(): number {
    this.#count();
    return super.readDsClock();
  }

  #count(): void {
    this.#parts += 1;
    if (this.#parts > partsMax) throw new Refused("too-many-parts");
  }
}

/** The kinds of structs in the first format of Yjs that a draft is made of: dead stretches, deleted, text, elements, values of attributes. */
const kinds: ReadonlySet<number> = new Set([0, 1, 4, 7, 8]);
const skip = 10;
