import * as Y from "yjs";
import { charterRoot } from "#lib/editor/schema.ts";
import type { LateText } from "#lib/protocol/messages.ts";
import { Moves } from "./guard-moves.ts";
import { isTyped, Neighbours } from "./guard-neighbours.ts";
import { integrationOrder } from "./guard-order.ts";
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
import { type Ranges, type Reading, readUpdate } from "./guard-reading.ts";
import { Walks } from "./guard-walks.ts";
import { writeUpdate } from "./guard-writing.ts";

export type { GuardReason };

/** What the guard says of an update. */
export type Verdict =
  /** It holds nothing that the room does not have: acknowledge it and store nothing. */
  | { readonly kind: "nothing" }
  /**
   * `update` may be applied and stored: what was judged, without what the room has and what copies would read in two ways. `late` is its text that landed
   * in places which are gone.
   */
  | { readonly kind: "adds"; readonly update: Uint8Array; readonly late: readonly LateText[] }
  /** It writes under clientIDs that this user does not hold yet; lease them and ask again. */
  | { readonly kind: "unleased"; readonly clients: readonly number[] }
  | { readonly kind: "refused"; readonly reason: GuardReason };

/** Clocks stay far below 2^53, so that sums never lose a unit. */
const clockMax = 2 ** 31;
/** New elements inside of one another; the shape of a draft ends long before. */
const depthMax = 12;
/** New values of one attribute, one after the other; nobody changes their mind so often between two words with the server. */
const valuesMax = 2_000;

/**
 * Decides whether an update may enter a room. Reads the update and the room's document, changes neither.
 * `holds` tells whether the writer holds a clientID. An update that passes is integrated whole when it is applied: nothing of it stays pending.
 */
export function inspectUpdate(update: Uint8Array, doc: Y.Doc, holds: (client: number) => boolean): Verdict {
  try {
    const reading = readUpdate(update);
    const isNew = !reading.structs.some(({ id }) => id.clock < Y.getState(doc.store, id.client));
    if (isNew) return new Inspection(doc, holds).judge(update, reading);
    // What the room has already is left out, not looked at: of a known struct Yjs believes what it leans on and cuts the text there, makes the root
    // that it names, puts what follows it where it claims to stand, and, merging it with others, believes its words.
    const rest = Y.diffUpdate(update, Y.encodeStateVector(doc));
    return new Inspection(doc, holds).judge(rest, readUpdate(rest));
  } catch (error) {
    if (error instanceof Refused) return { kind: "refused", reason: error.reason };
    throw error;
  }
}

class Inspection {
  readonly #doc: Y.Doc;
  readonly #holds: (client: number) => boolean;
  /** Clock after what the update brings, per client it writes under. */
  readonly #next = new Map<number, number>();
  /** The new structs of each client, in order of clock. */
  readonly #fresh = new Map<number, Struct[]>();
  readonly #isNew = new Set<Struct>();
  readonly #places = new Map<Struct, Place>();
  readonly #moves = new Moves();
  /** How many values each attribute gets that stand beside one another. */
  readonly #values = new Map<Place, number>();

  constructor(doc: Y.Doc, holds: (client: number) => boolean) {
    this.#doc = doc;
    this.#holds = holds;
  }

  judge(update: Uint8Array, reading: Reading): Verdict {
    const { structs, deletes } = reading;
    for (const struct of structs) this.#takeStruct(struct);
    const addsDeletes = this.#checkDeletes(deletes);
    if (this.#fresh.size === 0) return addsDeletes ? { kind: "adds", update, late: [] } : { kind: "nothing" };
    const unleased = [...this.#fresh.keys()].filter((client) => !this.#holds(client));
    if (unleased.length > 0) return { kind: "unleased", clients: unleased };
    for (const struct of this.#isNew) this.#requireNeighbours(struct);
    const isMended = this.#settlePlaces();
    const late: LateText[] = [];
    for (const fresh of this.#fresh.values()) for (const struct of fresh) this.#checkContent(struct, late);
    return { kind: "adds", update: isMended ? writeUpdate(reading) : update, late };
  }

  #known(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  #takeStruct(struct: Struct): void {
    const { client, clock } = struct.id;
    const end = clock + struct.length;
    if (!(struct.length > 0) || !Number.isSafeInteger(client) || client < 0 || !(end < clockMax))
      throw new Refused("bad-clock");
    if (clock !== (this.#next.get(client) ?? this.#known(client))) throw new Refused("gap");
    this.#next.set(client, end);
    this.#isNew.add(struct);
    const fresh = this.#fresh.get(client);
    if (fresh) fresh.push(struct);
    else this.#fresh.set(client, [struct]);
  }

  /** Whether the ranges delete anything that is not deleted yet; all of them must lie within what exists. */
  #checkDeletes(deletes: Ranges): boolean {
    let adds = false;
    for (const [client, ranges] of deletes) {
      const known = this.#known(client);
      const next = this.#next.get(client) ?? known;
      const structs = this.#doc.store.clients.get(client);
      let from = 0;
      for (const { clock, len } of ranges) {
        if (!(len > 0 && clock + len <= next)) throw new Refused("delete-of-unknown");
        // Yjs writes them in order and apart. Over and over the same would cost all that lies below, each time.
        if (clock < from) throw new Refused("malformed");
        from = clock + len;
        const isLive = (clock < known && this.#moves.delete(structs, clock, len)) || clock + len > known;
        adds ||= isLive;
        if (!isLive) continue;
        this.#requireWhole(client, clock);
        this.#requireWhole(client, clock + len);
      }
    }
    return adds;
  }

  #checkContent(struct: Struct, late: LateText[]): void {
    // A stretch the client wrote and threw away itself.
    if (struct instanceof Y.GC) return;
    const place = this.#placeOf(struct);
    const { content } = struct;
    if (place.attribute !== null) {
      checkAttribute(place, content);
      this.#countValue(place);
      return;
    }
    if (content instanceof Y.ContentDeleted) return;
    if (content instanceof Y.ContentString) {
      if (!place.isText) throw new Refused("content-type");
      if (content.str.includes("\u0000")) throw new Refused("bad-text");
      if (place.gone) late.push({ clauseId: place.clauseId, text: content.str });
      return;
    }
    if (!(content instanceof Y.ContentType) || place.isText) throw new Refused("content-type");
    checkType(place, content.type);
  }

  /** Yjs puts values that follow one another into one list, and copies that list for each. */
  #countValue(place: Place): void {
    const count = (this.#values.get(place) ?? 0) + 1;
    if (count > valuesMax) throw new Refused("too-many-parts");
    this.#values.set(place, count);
  }

  /** What it leans on must be there, and must not be cut inside of a character. */
  #requireNeighbours(struct: Struct): void {
    if (struct instanceof Y.GC) return;
    const { origin, rightOrigin } = struct;
    const parent: unknown = struct.parent;
    this.#requireKnown(origin, struct);
    this.#requireKnown(rightOrigin, struct);
    if (parent instanceof Y.ID) this.#requireKnown(parent, struct);
    if (origin) this.#requireWhole(origin.client, origin.clock + 1);
    if (rightOrigin) this.#requireWhole(rightOrigin.client, rightOrigin.clock);
  }

  /** Yjs must come to an end with it, soon, and to the same one in every copy. Gives whether something was struck out for that. */
  #settlePlaces(): boolean {
    const [only] = this.#isNew;
    // A letter at the end of a text, or one behind another.
    if (this.#isNew.size === 1 && (!(only instanceof Y.Item) || only.rightOrigin === null)) return false;
    const find = (id: Y.ID) => this.#find(id);
    if (this.#isNew.size === 1 && only instanceof Y.Item && isTyped(only, find)) return false;
    const neighbours = new Neighbours(find);
    const settle = (struct: Struct) => struct instanceof Y.Item && neighbours.settle(struct);
    if (only && this.#isNew.size === 1) return settle(only);
    const walks = new Walks(this.#doc, find);
    let isMended = false;
    for (const struct of integrationOrder(this.#fresh, (client) => this.#known(client))) {
      if (settle(struct)) isMended = true;
      walks.take(struct);
    }
    return isMended;
  }

  #requireKnown(id: Y.ID | null, of: Y.Item): void {
    if (id === null) return;
    const next = id.client === of.id.client ? of.id.clock : (this.#next.get(id.client) ?? this.#known(id.client));
    if (id.clock >= next) throw new Refused("unknown-origin");
  }

  /**
   * Yjs cuts a text before `clock`. Where that is in the middle of a character outside of the first plane, it puts two replacement characters
   * in its place: somebody else's words would be changed for good. No editor cuts there.
   */
  #requireWhole(client: number, clock: number): void {
    if (clock === 0) return;
    const struct = this.#find(new Y.ID(client, clock - 1));
    if (!struct || !(struct instanceof Y.Item)) return;
    const before = clock - 1 - struct.id.clock;
    if (before + 1 === struct.length) return;
    this.#moves.cut(client, clock, this.#behind(struct));
    if (!(struct.content instanceof Y.ContentString)) return;
    const code = struct.content.str.charCodeAt(before);
    if (code >= 0xd800 && code <= 0xdbff) throw new Refused("split-character");
  }

  /** How many structs its client has behind it, new ones too. */
  #behind({ id: { client, clock } }: Struct): number {
    const fresh = this.#fresh.get(client) ?? [];
    if (clock >= this.#known(client)) return fresh.length - Y.findIndexSS(fresh, clock);
    const structs = this.#doc.store.clients.get(client) ?? [];
    return structs.length - Y.findIndexSS(structs, clock) + fresh.length;
  }

  /** Where an item stands: what it names as its parent, or where the item beside it stands. */
  #placeOf(item: Y.Item, depth = 0): Place {
    if (depth > depthMax) throw new Refused("unknown-node");
    const known = this.#places.get(item);
    if (known) return known;
    // Long runs of text lean on one another item by item; walking them in a loop spares the stack.
    const chain: Y.Item[] = [item];
    let place: Place | undefined;
    for (let at = item; place === undefined; ) {
      const beside = at.origin ?? at.rightOrigin;
      if (beside === null) {
        place = this.#parentPlace(at, depth);
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
      }
    }
    for (const one of chain) this.#places.set(one, place);
    return place;
  }

  #parentPlace(item: Y.Item, depth: number): Place {
    const attribute = item.parentSub;
    const parent: unknown = item.parent;
    if (typeof parent === "string") {
      if (parent !== charterRoot || attribute !== null) throw new Refused("unknown-root");
      return { holder: "", isText: false, attribute, gone: false, clauseId: null };
    }
    if (!(parent instanceof Y.ID)) throw new Refused("malformed");
    const holder = this.#find(parent);
    if (holder instanceof Y.GC) return goneplace;
    if (holder === undefined || !(holder.content instanceof Y.ContentType)) throw new Refused("unknown-origin");
    if (!this.#isFresh(holder)) return placeIn(holder, attribute);
    const around = this.#placeOf(holder, depth + 1);
    return inside(holder.content.type, around, attribute, false);
  }

  #isFresh(struct: Struct): boolean {
    return this.#isNew.has(struct);
  }

  #find(id: Y.ID): Struct | undefined {
    const isStored = id.clock < this.#known(id.client);
    const structs = isStored ? this.#doc.store.clients.get(id.client) : this.#fresh.get(id.client);
    // The new structs of a client follow one another without a gap, as stored ones do.
    if (!structs || (!isStored && id.clock >= (this.#next.get(id.client) ?? 0))) return undefined;
    return structs[Y.findIndexSS(structs, id.clock)];
  }
}
