import * as Y from "yjs";
import { charterRoot } from "#lib/editor/schema.ts";
import { shapes } from "#lib/editor/shape.ts";
import { textsOf } from "./edits.ts";
import { below } from "./mutate.ts";

/** All that these clients have ever written, deleted or not; deleting is an editor's right, changing is not. */
export function fingerprintOf(doc: Y.Doc, victims: readonly number[]): string {
  return victims
    .map((client) => (doc.store.clients.get(client) ?? []).map((struct) => contentOf(struct)).join(""))
    .join("|");
}

function contentOf(struct: Y.Item | Y.GC): string {
  if (struct instanceof Y.GC) return `#${struct.length}`;
  const { content } = struct;
  if (content instanceof Y.ContentString) return content.str;
  if (content instanceof Y.ContentAny) return content.arr.map((value) => JSON.stringify(value)).join("");
  if (content instanceof Y.ContentType)
    return content.type instanceof Y.XmlElement ? `<${content.type.nodeName}>` : "<text>";
  return `?${content.getLength()}`;
}

/** Whether all that stands in a text is of the kinds that a draft is made of, under its root. */
export function isDraft(doc: Y.Doc): boolean {
  const isRoot = [...doc.share.keys()].every((name) => name === charterRoot);
  return isRoot && [...doc.store.clients.values()].flat().every((struct) => isOfDraft(struct));
}

function isOfDraft(struct: Y.Item | Y.GC): boolean {
  if (struct instanceof Y.GC) return true;
  const { content, parent } = struct;
  if (!(parent instanceof Y.AbstractType) || content instanceof Y.ContentDeleted) return true;
  if (content instanceof Y.ContentString) return parent instanceof Y.XmlText;
  if (content instanceof Y.ContentAny) return struct.parentSub !== null && parent instanceof Y.XmlElement;
  if (!(content instanceof Y.ContentType) || parent instanceof Y.XmlText) return false;
  return content.type instanceof Y.XmlElement ? shapes.has(content.type.nodeName) : content.type instanceof Y.XmlText;
}

/** Rows cut into batches, as they might be committed and sent on together. */
export function slicesOf(rows: readonly Uint8Array[], random: () => number): Uint8Array[][] {
  const slices: Uint8Array[][] = [];
  for (let at = 0; at < rows.length; ) {
    const end = at + 1 + below(random, 6);
    slices.push(rows.slice(at, end));
    at = end;
  }
  return slices;
}

/** All that a text shows, its elements and their attributes too. */
export function shownIn(doc: Y.Doc): string {
  return doc.getXmlFragment(charterRoot).toString();
}

/** What updates show, one after the other; undefined when something of them stays pending. */
export function shownBy(updates: readonly Uint8Array[]): string | undefined {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const isWhole = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  const shown = shownIn(doc);
  doc.destroy();
  return isWhole ? shown : undefined;
}

/** Every unit of every text in the order in which updates put them, deleted ones too. */
export function orderIn(updates: readonly Uint8Array[]): string {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const units: string[] = [];
  for (const text of textsOf(doc))
    for (let item = text._start; item; item = item.right)
      for (let unit = 0; unit < item.length; unit += 1) units.push(`${item.id.client}:${item.id.clock + unit}`);
  doc.destroy();
  return units.join(" ");
}
