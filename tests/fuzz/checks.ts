import * as Y from "yjs";
import { charterTextOf } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { shapes } from "#lib/editor/shape.ts";
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

/**
 * What stands in each element and text that updates give, one after the other, as far as it is not deleted; undefined when something of them stays pending.
 * Without the order within a text: neighbours that never stood side by side let Yjs come to several.
 */
export function standingIn(updates: readonly Uint8Array[]): string | undefined {
  const doc = new Y.Doc({ gc: false });
  for (const update of updates) Y.applyUpdate(doc, update);
  const isWhole = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  const standing = new Map<string, string[]>();
  for (const struct of [...doc.store.clients.values()].flat()) {
    if (struct instanceof Y.GC || struct.deleted || !(struct.parent instanceof Y.AbstractType)) continue;
    const holder = struct.parent._item?.id;
    const place = `${holder?.client}:${holder?.clock}:${struct.parentSub}`;
    const inPlace = standing.get(place) ?? [];
    standing.set(place, inPlace);
    const { client, clock } = struct.id;
    // Unit by unit: where Yjs cuts is its own affair.
    if (struct.content instanceof Y.ContentString)
      inPlace.push(...struct.content.str.split("").map((unit, at) => `${client}:${clock + at} ${unit}`));
    else inPlace.push(`${client}:${clock} ${contentOf(struct)}`);
  }
  doc.destroy();
  return isWhole ? JSON.stringify([...standing].map(([place, all]) => [place, all.sort()]).sort()) : undefined;
}

/** The text that rows give; undefined when something of them stays pending. */
export function textOf(rows: readonly Uint8Array[]): string | undefined {
  const doc = new Y.Doc({ gc: false });
  for (const row of rows) Y.applyUpdate(doc, row);
  const isWhole = doc.store.pendingStructs === null && doc.store.pendingDs === null;
  const text = JSON.stringify(charterTextOf(doc));
  doc.destroy();
  return isWhole ? text : undefined;
}
