import * as Y from "yjs";
import { charterRoot } from "#lib/editor/schema.ts";
import type { LateText } from "#lib/protocol/messages.ts";
import {
  checkAttribute,
  checkType,
  type GuardReason,
  goneplace,
  inside,
  type Place,
  placeIn,
  placeOfStored,
  Refused,
  type Struct,
} from "./guard-places.ts";

export type { GuardReason };

/** What the guard says of an update. */
export type Verdict =
  /** It holds nothing that the room does not have: acknowledge it and store nothing. */
  | { readonly kind: "nothing" }
  /** It may be applied and stored. `late` is its text that landed in places which are gone. */
  | { readonly kind: "adds"; readonly late: readonly LateText[] }
  /** It writes under clientIDs that this user does not hold yet; lease them and ask again. */
  | { readonly kind: "unleased"; readonly clients: readonly number[] }
  | { readonly kind: "refused"; readonly reason: GuardReason };

/** Structs and delete ranges in one update: 512 KiB of honest text has fewer. */
const partsMax = 120_000;
/** Clocks stay far below 2^53, so that sums never lose a unit. */
const clockMax = 2 ** 31;

/**
 * Decides whether an update may enter a room. Reads the update and the room's document, changes neither.
 * `holds` tells whether the writer holds a clientID. An update that passes is integrated whole when it is applied: nothing of it stays pending.
 */
export function inspectUpdate(update: Uint8Array, doc: Y.Doc, holds: (client: number) => boolean): Verdict {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    // Yjs throws many kinds of errors on bytes that are no update, a stack overflow among them.
    return { kind: "refused", reason: "malformed" };
  }
  try {
    return new Inspection(doc, holds).judge(decoded.structs, decoded.ds.clients);
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reason: error.reason };
    throw error;
  }
}

type Ranges = ReadonlyMap<number, readonly { readonly clock: number; readonly len: number }[]>;

class Inspection {
  readonly #doc: Y.Doc;
  readonly #holds: (client: number) => boolean;
  /** Clock after what the update brings, per client it writes under. */
  readonly #next = new Map<number, number>();
  /** The new structs of each client, in order of clock. */
  readonly #fresh = new Map<number, Struct[]>();
  readonly #isNew = new Set<Struct>();
  readonly #places = new Map<Struct, Place>();

  constructor(doc: Y.Doc, holds: (client: number) => boolean) {
    this.#doc = doc;
    this.#holds = holds;
  }

  judge(structs: readonly (Y.Item | Y.GC | Y.Skip)[], deletes: Ranges): Verdict {
    if (structs.length > partsMax) throw new Refused("too-many-parts");
    for (const struct of structs) this.#takeStruct(struct);
    const addsDeletes = this.#checkDeletes(deletes);
    if (this.#fresh.size === 0) return addsDeletes ? { kind: "adds", late: [] } : { kind: "nothing" };
    const unleased = [...this.#fresh.keys()].filter((client) => !this.#holds(client));
    if (unleased.length > 0) return { kind: "unleased", clients: unleased };
    if (this.#fresh.size > 1) this.#checkOrder();
    const late: LateText[] = [];
    for (const fresh of this.#fresh.values()) for (const struct of fresh) this.#checkContent(struct, late);
    return { kind: "adds", late };
  }

  #known(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  #takeStruct(struct: Y.Item | Y.GC | Y.Skip): void {
    if (struct instanceof Y.Skip) throw new Refused("gap");
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (!(struct.length > 0) || !Number.isSafeInteger(client) || client < 0 || !(end < clockMax))
      throw new Refused("bad-clock");
    const next = this.#next.get(client) ?? this.#known(client);
    if (clock > next) throw new Refused("gap");
    if (end <= next) {
      this.#requireIntegrable(struct);
      return;
    }
    this.#next.set(client, end);
    this.#isNew.add(struct);
    const fresh = this.#fresh.get(client);
    if (fresh) fresh.push(struct);
    else this.#fresh.set(client, [struct]);
  }

  /**
   * Yjs looks at what even a known struct leans on before it passes it over: it would keep it pending, and it cuts the text there. In an honest
   * update all of that is known and cut already, because the room has integrated the struct.
   */
  #requireIntegrable(struct: Y.Item | Y.GC): void {
    if (struct instanceof Y.GC) return;
    const parent: unknown = struct.parent;
    for (const id of [struct.origin, struct.rightOrigin, parent instanceof Y.ID ? parent : null]) {
      if (id === null) continue;
      const known = id.client === struct.id.client ? struct.id.clock : this.#known(id.client);
      if (id.clock >= known) throw new Refused("unknown-origin");
    }
    this.#requireWholeBeside(struct);
  }

  /** Whether the ranges delete anything that is not deleted yet; all of them must lie within what exists. */
  #checkDeletes(deletes: Ranges): boolean {
    let adds = false;
    let count = 0;
    for (const [client, ranges] of deletes) {
      const known = this.#known(client);
      const next = this.#next.get(client) ?? known;
      count += ranges.length;
      if (count > partsMax) throw new Refused("too-many-parts");
      for (const { clock, len } of ranges) {
        if (!(clock >= 0 && len > 0 && clock + len <= next)) throw new Refused("delete-of-unknown");
        const isLive = clock + len > known || hasLive(this.#doc, client, clock, len);
        adds ||= isLive;
        if (!isLive) continue;
        this.#requireWhole(client, clock);
        this.#requireWhole(client, clock + len);
      }
    }
    return adds;
  }

  /** Two clients' structs in one update may depend on each other; a circle would stay pending for ever. */
  #checkOrder(): void {
    const at = new Map([...this.#fresh.keys()].map((client) => [client, 0]));
    const done = new Map<number, number>();
    const isThere = (id: Y.ID | null) => id === null || id.clock < (done.get(id.client) ?? this.#known(id.client));
    for (let moved = true; moved; ) {
      moved = false;
      for (const [client, structs] of this.#fresh) {
        let index = at.get(client) ?? 0;
        for (let struct = structs[index]; struct && this.#isReady(struct, isThere); struct = structs[index]) {
          done.set(client, struct.id.clock + struct.length);
          index += 1;
          moved = true;
        }
        at.set(client, index);
      }
    }
    for (const [client, structs] of this.#fresh)
      if (at.get(client) !== structs.length) throw new Refused("unknown-origin");
  }

  #isReady(struct: Struct, isThere: (id: Y.ID | null) => boolean): boolean {
    if (struct instanceof Y.GC) return true;
    return (
      isThere(struct.origin) &&
      isThere(struct.rightOrigin) &&
      (!(struct.parent instanceof Y.ID) || isThere(struct.parent))
    );
  }

  #checkContent(struct: Struct, late: LateText[]): void {
    // A stretch the client wrote and threw away itself.
    if (struct instanceof Y.GC) return;
    this.#requireKnown(struct.origin, struct);
    this.#requireKnown(struct.rightOrigin, struct);
    this.#requireWholeBeside(struct);
    const place = this.#placeOf(struct);
    const { content } = struct;
    if (content instanceof Y.ContentDeleted) return;
    if (place.attribute !== null) {
      checkAttribute(place, content);
      return;
    }
    if (content instanceof Y.ContentString) {
      if (!place.isText) throw new Refused("content-type");
      if (content.str.includes("\u0000")) throw new Refused("bad-text");
      if (place.gone) late.push({ clauseId: place.clauseId, text: content.str });
      return;
    }
    if (!(content instanceof Y.ContentType) || place.isText) throw new Refused("content-type");
    checkType(place, content.type);
  }

  #requireKnown(id: Y.ID | null, of: Y.Item): void {
    if (id === null) return;
    const next = id.client === of.id.client ? of.id.clock : (this.#next.get(id.client) ?? this.#known(id.client));
    if (id.clock >= next) throw new Refused("unknown-origin");
  }

  #requireWholeBeside({ origin, rightOrigin }: Y.Item): void {
    if (origin) this.#requireWhole(origin.client, origin.clock + 1);
    if (rightOrigin) this.#requireWhole(rightOrigin.client, rightOrigin.clock);
  }

  /**
   * Yjs cuts a text before `clock`. Where that is in the middle of a character outside of the first plane, it puts two replacement characters
   * in its place: somebody else's words would be changed for good. No editor cuts there.
   */
  #requireWhole(client: number, clock: number): void {
    if (clock === 0) return;
    const struct = this.#find(new Y.ID(client, clock - 1));
    if (!struct || !(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return;
    const before = clock - 1 - struct.id.clock;
    const code = struct.content.str.charCodeAt(before);
    if (before + 1 < struct.length && code >= 0xd800 && code <= 0xdbff) throw new Refused("split-character");
  }

  /** Where an item stands: what it names as its parent, or where the item beside it stands. */
  #placeOf(item: Y.Item): Place {
    const known = this.#places.get(item);
    if (known) return known;
    // Long runs of text lean on one another item by item; walking them in a loop spares the stack.
    const chain: Y.Item[] = [item];
    let place: Place | undefined;
    for (let at = item; place === undefined; ) {
      const beside = at.origin ?? at.rightOrigin;
      if (beside === null) {
        place = this.#parentPlace(at);
        break;
      }
      const neighbour = this.#find(beside);
      if (neighbour instanceof Y.GC) place = goneplace;
      else if (neighbour === undefined) throw new Refused("unknown-origin");
      else if (!this.#isFresh(neighbour)) place = placeOfStored(neighbour);
      else {
        place = this.#places.get(neighbour);
        chain.push(neighbour);
        at = neighbour;
        if (chain.length > partsMax) throw new Refused("unknown-origin");
      }
    }
    for (const one of chain) this.#places.set(one, place);
    return place;
  }

  #parentPlace(item: Y.Item): Place {
    const attribute = item.parentSub;
    const parent: unknown = item.parent;
    if (typeof parent === "string") {
      if (parent !== charterRoot || attribute !== null) throw new Refused("unknown-root");
      return { holder: "", isText: false, attribute, gone: false, clauseId: null };
    }
    if (!(parent instanceof Y.ID)) throw new Refused("malformed");
    this.#requireKnown(parent, item);
    const holder = this.#find(parent);
    if (holder instanceof Y.GC) return goneplace;
    if (holder === undefined || !(holder.content instanceof Y.ContentType)) throw new Refused("unknown-origin");
    if (!this.#isFresh(holder)) return placeIn(holder, attribute);
    const around = this.#placeOf(holder);
    return inside(holder.content.type, around, attribute, false);
  }

  #isFresh(struct: Struct): boolean {
    return this.#isNew.has(struct);
  }

  #find(id: Y.ID): Struct | undefined {
    if (id.clock < this.#known(id.client)) {
      const structs = this.#doc.store.clients.get(id.client) ?? [];
      return structs[Y.findIndexSS(structs, id.clock)];
    }
    const fresh = this.#fresh.get(id.client);
    // The new structs of a client follow one another without a gap, as stored ones do.
    return fresh && id.clock < (this.#next.get(id.client) ?? 0) ? fresh[Y.findIndexSS(fresh, id.clock)] : undefined;
  }
}

function hasLive(doc: Y.Doc, client: number, clock: number, len: number): boolean {
  const structs = doc.store.clients.get(client);
  if (!structs) return false;
  const end = clock + len;
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (!struct || struct.id.clock >= end) return false;
    if (!struct.deleted) return true;
  }
  return false;
}
