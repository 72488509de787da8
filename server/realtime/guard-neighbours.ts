import * as Y from "yjs";
import { isInOnePiece } from "#lib/protocol/neighbours.ts";
import { Refused, type Struct } from "./guard-places.ts";

/** Items that one update may have looked at, a tenth of a second of work. What honest people write needs a few for each of its items. */
const stepsMax = 1_000_000;

/**
 * Sees to it that new items stand in the same place in every copy, whatever had come before them there and in whatever pieces it takes them in.
 *
 * To Yjs a text is a tree. An item hangs on its left neighbour and what hangs on it stands right behind it; of those that hang on the same one, each stands
 * behind the last one of a smaller client that it meets before its right neighbour. So all depends on where the search ends:
 *
 * - The right neighbour hangs on the left one too, or is not below it: the search ends between whole branches, and every copy finds the same place. All that
 *   an editor writes is so, since its neighbours stand side by side.
 * - The right neighbour stands within a branch, as where a word is brought back by an undo of an undo. Where that branch belongs to a smaller client, the item
 *   goes into it though it does not hang on it; what hangs there and comes later does not get past it, and stands elsewhere than in a copy that had it before.
 *   Whoever undoes in Yjs does it under the branch's own client.
 * - The right neighbour is the left one, or before it in the same piece of text, as where the same word was brought back twice. Where Yjs has them in one
 *   piece it cuts that in two and the left neighbour with it, and puts the item before what it should stand behind.
 */
export class Neighbours {
  readonly #find: (id: Y.ID) => Struct | undefined;
  #stepsLeft = stepsMax;

  /** `find` gives the struct with an id, new ones too. */
  constructor(find: (id: Y.ID) => Struct | undefined) {
    this.#find = find;
  }

  /**
   * Strikes out the right neighbour of a new item where it is at or before the left one: to the right it is never met, so that the item stands where it
   * stands with its author. What the item leans on must be settled.
   *
   * @returns whether it did so.
   * @throws {Refused} unknown-origin where copies would differ; too-many-parts.
   */
  settle(item: Y.Item): boolean {
    const { origin, rightOrigin } = item;
    if (rightOrigin === null) return false;
    const left = origin && this.#find(origin);
    const isInPiece = origin !== null && isInOnePiece(rightOrigin, origin, (id) => this.#itemAt(id));
    // It was there before the left one came, so that it is not below that. A letter typed behind another.
    if (!isInPiece && left instanceof Y.Item && Y.compareIDs(left.rightOrigin, rightOrigin)) return false;
    const right = this.#find(rightOrigin);
    // What names something collected is collected itself.
    if (!(right instanceof Y.Item) || left instanceof Y.GC) return false;
    if (isInPiece) {
      item.rightOrigin = null;
      return true;
    }
    const beside = leftOf(right, rightOrigin.clock);
    if (Y.compareIDs(beside, origin)) return false;
    const branch = this.#branchOf(origin, rightOrigin, beside);
    if (branch !== undefined && branch < item.id.client) throw new Refused("unknown-origin");
    return false;
  }

  /** The client of what hangs on `origin` and has `right` below it; undefined where `right` is not below `origin`. */
  #branchOf(origin: Y.ID | null, right: Y.ID, beside: Y.ID | null): number | undefined {
    let left = beside && origin;
    for (let at: Y.ID | null = right; at; ) {
      const item = this.#itemAt(at);
      if (!item) return undefined;
      if (Y.compareIDs(item.origin, origin) || (origin && holds(item, origin) && origin.clock < at.clock))
        return item.id.client;
      at = item.origin;
      // In an honest text the left one mostly hangs, a few steps up, where the right one does: then that is not below it.
      const above: Y.Item | undefined = left ? this.#itemAt(left) : undefined;
      if (above && beside && left && holds(above, beside) && beside.clock <= left.clock) return undefined;
      left = above?.origin ?? null;
    }
    return undefined;
  }

  #itemAt(id: Y.ID): Y.Item | undefined {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new Refused("too-many-parts");
    const struct = this.#find(id);
    return struct instanceof Y.Item ? struct : undefined;
  }
}

/** Whether an item was put where its left neighbour was: a letter behind another, nearly everything that ever comes. There is nothing to settle. */
export function isTyped({ origin, rightOrigin }: Y.Item, find: (id: Y.ID) => Struct | undefined): boolean {
  if (!origin || !rightOrigin || (origin.client === rightOrigin.client && rightOrigin.clock <= origin.clock))
    return false;
  const left = find(origin);
  // The right one was there before the left one came, so that it is not below that.
  return left instanceof Y.Item && Y.compareIDs(left.rightOrigin, rightOrigin);
}

/** What a unit of an item hangs on. */
function leftOf({ id, origin }: Y.Item, clock: number): Y.ID | null {
  return clock > id.clock ? new Y.ID(id.client, clock - 1) : origin;
}

function holds({ id, length }: Y.Item, wanted: Y.ID): boolean {
  return wanted.client === id.client && wanted.clock >= id.clock && wanted.clock < id.clock + length;
}
