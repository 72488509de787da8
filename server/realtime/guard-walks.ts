import * as Y from "yjs";
import { charterRoot } from "#lib/editor/schema.ts";
import { Refused, type Struct } from "./guard-places.ts";

/**
 * Steps that one update may cost to find its places, less than half a second of work. Two who were away and each wrote a third of a long paper in the same
 * paragraph need 260,000, as they are counted here.
 */
const stepsMax = 600_000;

/** What stands to the right of a place: a certain item or the end; nothing that matters, whatever it is; or not certain any more. */
type Right = { readonly id: Y.ID | null } | "anything" | "crowded";

/** A list of items: of a stored element or text, or of a new one, and the key where it holds the values of an attribute. */
type List = { readonly holder: Y.ContentType["type"] | Y.Item; readonly key: string | null };

/**
 * Counts what it would cost Yjs to find the places of new items. An item goes between the two that it names; where others stand there by now, Yjs
 * walks over all of them. An editor names neighbours, so that there are few. Whoever names two that are far apart, or in the wrong order, makes it
 * walk to the end of the text, each time: 100 KB of such items would keep the whole server busy for seconds, 500 KB for minutes.
 */
export class Walks {
  readonly #doc: Y.Doc;
  readonly #find: (id: Y.ID) => Struct | undefined;
  #stepsLeft = stepsMax;
  /** New items that stand already. */
  #taken = 0;
  readonly #lists = new Map<Struct, List>();
  readonly #afterOrigin = new Map<string, Right>();
  readonly #heads = new Map<List["holder"], Map<string | null, Right>>();

  /** `find` gives the struct with an id, new ones too. */
  constructor(doc: Y.Doc, find: (id: Y.ID) => Struct | undefined) {
    this.#doc = doc;
    this.#find = find;
  }

  /** The next struct in the order of integration. @throws {Refused} too-many-parts. */
  take(struct: Struct): void {
    this.#taken += 1;
    if (struct instanceof Y.GC) return;
    const list = this.#listOf(struct);
    // What names something collected is collected itself.
    if (!list) return;
    if (struct.origin) this.#takeAfter(struct, struct.origin);
    else this.#takeFirst(struct, list);
    this.#lists.set(struct, list);
  }

  #takeAfter(item: Y.Item, origin: Y.ID): void {
    const left = this.#find(origin);
    if (!(left instanceof Y.Item)) return;
    const key = `${origin.client}:${origin.clock}`;
    const isInside = origin.clock + 1 < left.id.clock + left.length;
    const isStored = !this.#lists.has(left);
    const right = this.#afterOrigin.get(key) ?? rightOf(left, isInside && origin.clock + 1, isStored);
    this.#afterOrigin.set(key, this.#settle(item, right, isStored ? (isInside ? left : left.right) : null));
  }

  #takeFirst(item: Y.Item, list: List): void {
    const heads = this.#heads.get(list.holder) ?? new Map<string | null, Right>();
    this.#heads.set(list.holder, heads);
    const start = this.#startOf(list);
    heads.set(list.key, this.#settle(item, heads.get(list.key) ?? { id: start?.id ?? null }, start));
  }

  /** What stands to the right of the place now. `from` is the first stored item on the way that Yjs goes where something else stands there. */
  #settle(item: Y.Item, right: Right, from: Y.Item | null): Right {
    if (right === "anything" || (right !== "crowded" && Y.compareIDs(right.id, item.rightOrigin)))
      return { id: item.id };
    this.#stepsLeft -= this.#taken;
    for (let at = from; at && !holds(at, item.rightOrigin) && this.#stepsLeft >= 0; at = at.right) this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new Refused("too-many-parts");
    return "crowded";
  }

  /** The first stored item. Of the values of an attribute only the last one is known, so that Yjs too walks back over all of them. */
  #startOf({ holder, key }: List): Y.Item | null {
    if (holder instanceof Y.Item) return null;
    if (key === null) return holder._start;
    let start = holder._map.get(key) ?? null;
    for (; start?.left; start = start.left) this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) throw new Refused("too-many-parts");
    return start;
  }

  #listOf(item: Y.Item): List | undefined {
    const beside = item.origin ?? item.rightOrigin;
    if (beside) {
      const neighbour = this.#find(beside);
      if (!(neighbour instanceof Y.Item)) return undefined;
      const parent: unknown = neighbour.parent;
      // A new item does not know its parent yet.
      return (
        this.#lists.get(neighbour) ??
        (parent instanceof Y.AbstractType ? { holder: parent, key: neighbour.parentSub } : undefined)
      );
    }
    const parent: unknown = item.parent;
    if (!(parent instanceof Y.ID)) return { holder: this.#doc.getXmlFragment(charterRoot), key: item.parentSub };
    const holder = this.#find(parent);
    if (!(holder instanceof Y.Item) || !(holder.content instanceof Y.ContentType)) return undefined;
    return { holder: this.#lists.has(holder) ? holder : holder.content.type, key: item.parentSub };
  }
}

/** What stands to the right of an item, or inside of it at `clock`. */
function rightOf(left: Y.Item, clock: number | false, isStored: boolean): Right {
  if (clock !== false) return { id: new Y.ID(left.id.client, clock) };
  // Nothing leans on the end of a new item yet, so that Yjs stops at whatever stands there.
  return isStored ? { id: left.right?.id ?? null } : "anything";
}

function holds({ id, length }: Y.Item, wanted: Y.ID | null): boolean {
  return wanted?.client === id.client && wanted.clock >= id.clock && wanted.clock < id.clock + length;
}
