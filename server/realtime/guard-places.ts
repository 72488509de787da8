import * as Y from "yjs";
import { rootChildren, shapes } from "#lib/editor/shape.ts";

/** Why an update is refused. `gap` and `unknown-origin` mean that the client is out of step; the others are hostile or broken. */
export type GuardReason =
  | "malformed"
  | "gap"
  | "bad-clock"
  | "not-your-client-id"
  | "unknown-origin"
  | "unknown-root"
  | "unknown-node"
  | "unknown-attribute"
  | "bad-attribute"
  | "content-type"
  | "bad-text"
  | "split-character"
  | "delete-of-unknown"
  | "too-many-parts";

/** A struct that carries something. */
export type Struct = Y.Item | Y.GC;
/** What a new item stands in: the root, an element, or the text of an element. `gone` once it or anything around it was deleted. */
export type Place = {
  readonly holder: string;
  readonly isText: boolean;
  readonly attribute: string | null;
  readonly gone: boolean;
  readonly clauseId: string | null;
};

/** Thrown inside of the guard, where an update breaks a rule. */
export class Refused extends Error {
  readonly reason: GuardReason;
  constructor(reason: GuardReason) {
    super(reason);
    this.reason = reason;
  }
}

/** A place that was collected: nobody can say any more what it was. */
export const goneplace: Place = { holder: "", isText: true, attribute: null, gone: true, clauseId: null };

/** @throws {Refused} unless an attribute of this place may hold this. */
export function checkAttribute(place: Place, content: Y.Item["content"]): void {
  if (place.gone && place.holder === "") return;
  const allowed = place.isText ? undefined : shapes.get(place.holder)?.attributes.get(place.attribute ?? "");
  if (!allowed) throw new Refused("unknown-attribute");
  if (content instanceof Y.ContentDeleted) return;
  // Values that were set one after the other and replaced may arrive as one stretch.
  if (!(content instanceof Y.ContentAny) || !content.arr.every(allowed)) throw new Refused("bad-attribute");
}

/** @throws {Refused} unless an element or text of this type may stand in this place. */
export function checkType(place: Place, type: unknown): void {
  if (type instanceof Y.XmlText) {
    if (place.holder === "" ? !place.gone : !shapes.get(place.holder)?.holdsText) throw new Refused("content-type");
    return;
  }
  if (!(type instanceof Y.XmlElement) || type instanceof Y.XmlHook) throw new Refused("content-type");
  const children = place.holder === "" ? rootChildren : shapes.get(place.holder)?.children;
  if (!shapes.has(type.nodeName) || (!(place.holder === "" && place.gone) && !children?.has(type.nodeName)))
    throw new Refused("unknown-node");
}

/** Where a stored item stands. */
export function placeOfStored(item: Y.Item): Place {
  const parent: unknown = item.parent;
  if (!(parent instanceof Y.AbstractType)) return goneplace;
  if (parent._item === null)
    return { holder: "", isText: false, attribute: item.parentSub, gone: false, clauseId: null };
  return placeIn(parent._item, item.parentSub);
}

/** The place directly inside a stored element or text. */
export function placeIn(holder: Y.Item, attribute: string | null): Place {
  let gone = false;
  let clauseId: string | null = null;
  const path: Y.Item[] = [];
  for (let at: Y.Item | null = holder; at; at = at.parent instanceof Y.AbstractType ? at.parent._item : null)
    path.push(at);
  for (const at of path) {
    gone ||= at.deleted;
    const type = at.content instanceof Y.ContentType ? at.content.type : undefined;
    // A deleted clause has lost its attributes, but the item that held its id is still there to be read.
    if (type instanceof Y.XmlElement && type.nodeName === "clause") clauseId = storedId(type);
  }
  const type = holder.content instanceof Y.ContentType ? holder.content.type : undefined;
  const outer = path[1]?.content instanceof Y.ContentType ? path[1].content.type : undefined;
  return {
    ...inside(
      type,
      { holder: outer instanceof Y.XmlElement ? outer.nodeName : "", isText: false, attribute: null, gone, clauseId },
      attribute,
      gone,
    ),
    clauseId,
  };
}

/** The place directly inside an element or text that stands in `around`. */
export function inside(type: unknown, around: Place, attribute: string | null, gone: boolean): Place {
  if (type instanceof Y.XmlText)
    return { holder: around.holder, isText: true, attribute, gone: around.gone || gone, clauseId: around.clauseId };
  if (type instanceof Y.XmlElement)
    return { holder: type.nodeName, isText: false, attribute, gone: around.gone || gone, clauseId: around.clauseId };
  return { ...goneplace, attribute };
}

function storedId(clause: Y.XmlElement): string | null {
  const content = clause._map.get("id")?.content;
  const value: unknown = content instanceof Y.ContentAny ? content.arr[0] : null;
  return typeof value === "string" ? value : null;
}
