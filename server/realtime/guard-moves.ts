import * as Y from "yjs";
import { Refused, type Struct } from "./guard-places.ts";

/**
 * Places that one update may make Yjs move along in its lists, some tenths of a second of work. Whoever replaces every sixtieth letter of a text of
 * 2 MiB, which took 25 people to write, needs half of them.
 */
const movesMax = 130_000_000;

/**
 * Yjs keeps what each client wrote in one list. Where a piece is cut in two, and where pieces become one since what was between them is deleted, all that
 * the client wrote later moves along by one place. In front of 120,000 pieces, 70 KB of ranges with a letter each would keep the whole server busy for
 * ten seconds.
 */
export class Moves {
  #left = movesMax;
  readonly #cuts = new Map<number, { readonly clocks: Set<number>; last: number }>();

  /** A piece is cut before `clock`, with so many behind it in its list. @throws {Refused} too-many-parts. */
  cut(client: number, clock: number, behind: number): void {
    const known = this.#cuts.get(client);
    const cuts = known ?? { clocks: new Set<number>(), last: 0 };
    if (!known) this.#cuts.set(client, cuts);
    // It is cut once, however many name it.
    if (cuts.clocks.has(clock)) return;
    // What was cut further on is longer by now.
    this.#move(clock < cuts.last ? behind + cuts.clocks.size : behind);
    cuts.clocks.add(clock);
    cuts.last = Math.max(cuts.last, clock);
  }

  /**
   * A range of what a client wrote is deleted; gives whether anything in it is not deleted yet. Each stretch of that kind may become one with what is
   * deleted beside it.
   *
   * @throws {Refused} too-many-parts.
   */
  delete(structs: Struct[] | undefined, clock: number, len: number): boolean {
    if (!structs) return false;
    const end = clock + len;
    let index = Y.findIndexSS(structs, clock);
    let wasDeleted = structs[index - 1]?.deleted === true;
    let isLive = false;
    let joins = 0;
    for (let struct = structs[index]; struct && struct.id.clock < end; struct = structs[index]) {
      if (!struct.deleted) {
        isLive = true;
        if (wasDeleted || structs[index + 1]?.deleted === true) joins += 1;
      }
      wasDeleted = struct.deleted;
      index += 1;
    }
    if (joins > 0) this.#move(joins * (structs.length - index));
    return isLive;
  }

  #move(places: number): void {
    this.#left -= places;
    if (this.#left < 0) throw new Refused("too-many-parts");
  }
}
