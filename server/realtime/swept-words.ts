import * as Y from "yjs";
import type { LateText } from "#lib/protocol/messages.ts";
import { placeOfStored } from "./guard-places.ts";
import { type Ranges, readUpdate } from "./guard-reading.ts";

/** How far the deletions of a transaction have come: the number of them for each client. */
export type Deleted = ReadonlyMap<number, number>;

export function deletedSoFar({ deleteSet }: Y.Transaction): Deleted {
  return new Map([...deleteSet.clients].map(([client, ranges]) => [client, ranges.length]));
}

/**
 * Words that `update` took away without naming them, by the client that placed them. Whoever deletes a clause names all that they see in it; what
 * is deleted beside that had just been written, and they have not seen it: moving a clause is taking it out and putting in what was seen of it.
 *
 * @param before what the transaction had deleted when the update was applied.
 */
export function sweptWords(transaction: Y.Transaction, before: Deleted, update: Uint8Array): Map<number, LateText[]> {
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
