import * as Y from "yjs";
import { encodeEvent } from "#lib/protocol/frames.ts";
import type { LateText } from "#lib/protocol/messages.ts";
import { placeOfStored } from "./guard-places.ts";
import { type Ranges, readUpdate } from "./guard-reading.ts";
import type { Peer } from "./peer.ts";

/** Words that an update took away without naming them, by the client that placed them. */
export type Swept = ReadonlyMap<number, readonly LateText[]>;

/**
 * Applies an update and gives the words that went with what it deleted. Whoever deletes a clause names all that they see in it; what
 * is deleted beside that had just been written, and they have not seen it: moving a clause is taking it out and putting in what was seen of it.
 *
 * @throws {Error} what Yjs says of an update that it can not take.
 */
export function applyAndSweep(doc: Y.Doc, update: Uint8Array, origin: unknown): Swept {
  let swept: Swept = nothing;
  doc.transact((transaction) => {
    // Nearly every update only adds a letter, and ends with an empty set of deletions.
    const before = update.at(-1) === 0 ? undefined : deletedSoFar(transaction);
    Y.applyUpdate(doc, update, origin);
    if (before) swept = sweptWords(transaction, before, update);
  }, origin);
  return swept;
}

/** Tells those who are here what of theirs is gone: in the tab where they wrote it, else in another one of theirs. */
export function giveBack(swept: Swept, peers: ReadonlySet<Peer>): void {
  const all = [...peers];
  for (const [client, texts] of swept) {
    const author = all.find((peer) => peer.clientId === client) ?? all.find((peer) => peer.holds(client));
    author?.sendEvent(encodeEvent({ event: "late-text", texts: [...texts] }));
  }
}

const nothing: Swept = new Map();

/** How far the deletions of a transaction have come: the number of them for each client. Several updates may be one transaction. */
type Deleted = ReadonlyMap<number, number>;

function deletedSoFar({ deleteSet }: Y.Transaction): Deleted {
  return new Map([...deleteSet.clients].map(([client, ranges]) => [client, ranges.length]));
}

function sweptWords(transaction: Y.Transaction, before: Deleted, update: Uint8Array): Swept {
  const swept = new Map<number, LateText[]>();
  let named: Ranges | undefined;
  for (const [client, ranges] of transaction.deleteSet.clients) {
    const byText = new Map<Y.Item["parent"], { clauseId: string | null; text: string }>();
    for (const range of ranges.slice(before.get(client) ?? 0)) {
      named ??= readUpdate(update).deletes;
      for (const { clock, end } of outside(range, named.get(client) ?? []))
        for (const item of itemsIn(transaction.doc.store, client, clock, end)) {
          if (!(item.content instanceof Y.ContentString)) continue;
          const words = byText.get(item.parent) ?? { clauseId: placeOfStored(item).clauseId, text: "" };
          words.text += item.content.str.slice(Math.max(0, clock - item.id.clock), end - item.id.clock);
          byText.set(item.parent, words);
        }
    }
    const texts = [...byText.values()].filter(({ text }) => text.trim() !== "");
    if (texts.length > 0) swept.set(client, texts);
  }
  return swept;
}

type Range = { readonly clock: number; readonly len: number };

/** What of a range lies in none of the others, which stand in order and apart from one another. */
function outside({ clock, len }: Range, others: readonly Range[]): { readonly clock: number; readonly end: number }[] {
  const end = clock + len;
  const gaps: { clock: number; end: number }[] = [];
  let from = clock;
  for (let at = firstBehind(others, clock); at < others.length; at += 1) {
    const other = others[at];
    if (!other || other.clock >= end) break;
    if (other.clock > from) gaps.push({ clock: from, end: other.clock });
    from = Math.max(from, other.clock + other.len);
  }
  if (from < end) gaps.push({ clock: from, end });
  return gaps;
}

/** The first range that ends behind `clock`. */
function firstBehind(ranges: readonly Range[], clock: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = ranges[middle];
    if (range && range.clock + range.len > clock) high = middle;
    else low = middle + 1;
  }
  return low;
}

function* itemsIn(store: Y.Doc["store"], client: number, clock: number, end: number): Generator<Y.Item> {
  const structs = store.clients.get(client) ?? [];
  for (let at = Y.findIndexSS(structs, clock); at < structs.length; at += 1) {
    const struct = structs[at];
    if (!struct || struct.id.clock >= end) return;
    if (struct instanceof Y.Item) yield struct;
  }
}
