import * as Y from "yjs";

/** Words of one's own in one place, with the clause they were written in; null when that is unknown. */
export type OwnWords = { readonly clauseId: string | null; readonly heading: string; readonly text: string };

/**
 * The words that were placed under some Yjs clients from a clock on: what an author would lose with a copy that the server no
 * longer takes. Words that the author deleted again are left out; words in a place that somebody else deleted are kept,
 * as far as the document still has them (it must be made with `gc: false`).
 *
 * @param from first clock per client that is not known to be stored.
 */
export function ownWords(doc: Y.Doc, from: ReadonlyMap<number, number>): OwnWords[] {
  const texts = new Set<Y.XmlText>();
  for (const [client, clock] of from) {
    for (const struct of doc.store.clients.get(client) ?? []) {
      if (struct.id.clock + struct.length <= clock || !(struct instanceof Y.Item)) continue;
      if (struct.content instanceof Y.ContentString && struct.parent instanceof Y.XmlText) texts.add(struct.parent);
    }
  }
  return [...texts].flatMap((text) => {
    const words = wordsIn(text, from);
    return words.trim() === "" ? [] : [{ ...placeOf(text), text: words }];
  });
}

function wordsIn(text: Y.XmlText, from: ReadonlyMap<number, number>): string {
  const isGone = hasDeletedAncestor(text);
  let words = "";
  let wasOwn = true;
  for (let item = text._start; item; item = item.right) {
    if (!(item.content instanceof Y.ContentString) || (item.deleted && !isGone)) continue;
    const clock = from.get(item.id.client);
    const isOwn = clock !== undefined && item.id.clock + item.length > clock;
    // A stretch may have begun before the first clock; only its end is new.
    if (isOwn)
      words += (wasOwn || words === "" ? "" : " … ") + item.content.str.slice(Math.max(0, clock - item.id.clock));
    wasOwn = isOwn;
  }
  return words;
}

function hasDeletedAncestor(type: Y.XmlText): boolean {
  return itemsAround(type).some((item) => item.deleted);
}

/** What a text stands in, from the inside out. */
function itemsAround(type: Y.XmlText): Y.Item[] {
  const around: Y.Item[] = [];
  let item = type._item;
  while (item) {
    around.push(item);
    const { parent }: Y.Item = item;
    // Not in the head of a loop: there the bundler of the pages once left the name of the module as it stands here.
    item = parent instanceof Y.AbstractType ? parent._item : null;
  }
  return around;
}

function placeOf(text: Y.XmlText): { clauseId: string | null; heading: string } {
  for (const item of itemsAround(text)) {
    const type = item.content instanceof Y.ContentType ? item.content.type : undefined;
    if (!(type instanceof Y.XmlElement) || type.nodeName !== "clause") continue;
    const stored = type._map.get("id")?.content;
    const id: unknown = stored instanceof Y.ContentAny ? stored.arr[0] : null;
    const heading = type.toArray().find((child) => child instanceof Y.XmlElement && child.nodeName === "clauseHeading");
    return {
      clauseId: typeof id === "string" ? id : null,
      heading: heading instanceof Y.XmlElement ? headingText(heading) : "",
    };
  }
  return { clauseId: null, heading: "" };
}

function headingText(heading: Y.XmlElement): string {
  return heading
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? String(child.toJSON()) : ""))
    .join("");
}
