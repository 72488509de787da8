import { sha256 } from "@noble/hashes/sha2.js";
import * as Y from "yjs";
import type { Block, CharterText, Clause } from "#lib/domain/charter-text.ts";
import { ClauseKind, numbered } from "#lib/domain/charter-text.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { charterRoot, isContainer, levelFor } from "./schema.ts";

/** A reference to a clause that is not there (any more), and the clause it stands in. */
export type UndefinedReference = { readonly clauseId: string; readonly target: string };

/** A draft read as plain text. `undefinedReferences` block a freeze. */
export type ReadCharter = { readonly text: CharterText; readonly undefinedReferences: readonly UndefinedReference[] };

/** What stands for a reference whose clause is gone. */
export const missingReference = "[missing clause]";

/**
 * The text of a draft: clauses in reading order, references as literal text ("clause 2.1"), blank blocks left out.
 * A clause without an id, or with one that an earlier clause has, gets an id that every reader computes alike.
 * The same document always gives the same text, on whichever side it is read.
 */
export function readCharter(doc: Y.Doc, language = "en"): ReadCharter {
  const drafts = readDrafts(doc);
  const labels = new Map(
    numbered(drafts.clauses.map((draft) => draft.clause)).map((one) => [one.id, referenceLabel(one)]),
  );
  const undefinedReferences: UndefinedReference[] = [];
  const clauses = drafts.clauses.map(({ clause, blocks }) => ({
    ...clause,
    body: blocks
      .map((block): Block => {
        const text = block.parts
          .map((part) => {
            if (typeof part === "string") return part;
            const label = labels.get(part.target);
            if (label === undefined) undefinedReferences.push({ clauseId: clause.id, target: part.target });
            return label ?? missingReference;
          })
          .join("");
        return block.level === 0 ? { kind: "p", text } : { kind: "li", level: block.level, text };
      })
      .filter((block) => block.text.trim() !== ""),
  }));
  return { text: { title: drafts.title, language, clauses }, undefinedReferences };
}

/** The text of a draft alone; see `readCharter`. */
export function charterTextOf(doc: Y.Doc, language = "en"): CharterText {
  return readCharter(doc, language).text;
}

/** The clauses of a draft by id, as their history keeps them. Iteration is in reading order. */
export function clauseMap(doc: Y.Doc): Map<string, Clause> {
  return new Map(charterTextOf(doc).clauses.map((clause) => [clause.id, clause]));
}

/** How a reference to a clause reads in running text: "clause 2.1", "section 2", "annex A", "the preamble". */
export function referenceLabel(clause: Pick<Clause, "kind"> & { readonly number: string }): string {
  switch (clause.kind) {
    case "preamble":
      return "the preamble";
    case "annex":
      return `annex ${clause.number}`;
    case "section":
    case "final":
      return `section ${clause.number}`;
    default:
      return `clause ${clause.number}`;
  }
}

/**
 * A whole text as one Yjs update, to seed an empty room on the server. Ids are kept; `clientId` is the Yjs client the
 * text is placed under (32 bits, of the caller's own chance). Reading the seeded room gives `text` again, blank blocks
 * left out.
 */
export function seedUpdate(text: CharterText, clientId: number): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = clientId;
  doc.transact(() => {
    const title = new Y.XmlElement("charterTitle");
    if (text.title !== "") title.insert(0, [new Y.XmlText(text.title)]);
    doc.getXmlFragment(charterRoot).insert(0, [title, ...text.clauses.map(clauseElement)]);
  });
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return update;
}

/**
 * The text of a draft as one Yjs update for another, empty room, placed under `clientId`: references stay references, and
 * nothing of what was deleted comes along. Ids are the ones the draft is read under.
 */
export function copyUpdate(doc: Y.Doc, clientId: number): Uint8Array {
  const copy = new Y.Doc({ gc: false });
  copy.clientID = clientId;
  copy.transact(() => {
    const { title } = charterTextOf(doc);
    const titleElement = new Y.XmlElement("charterTitle");
    if (title !== "") titleElement.insert(0, [new Y.XmlText(title)]);
    const clauses = clauseElements(doc).map(({ id, element }) => {
      const clause = element.clone();
      clause.setAttribute("id", id);
      return clause;
    });
    copy.getXmlFragment(charterRoot).insert(0, [titleElement, ...clauses]);
  });
  const update = Y.encodeStateAsUpdate(copy);
  copy.destroy();
  return update;
}

/** A clause as an element that is not yet part of a document. */
export function clauseElement(clause: Clause): Y.XmlElement {
  // Yjs types attributes as text by default; levels are numbers here, as in the editor.
  const element = new Y.XmlElement<{ id: string; kind: string; level: number }>("clause");
  element.setAttribute("id", clause.id);
  element.setAttribute("kind", clause.kind);
  element.setAttribute("level", levelFor(clause.kind, clause.level));
  const heading = new Y.XmlElement("clauseHeading");
  if (clause.heading !== "") heading.insert(0, [new Y.XmlText(clause.heading)]);
  const body: readonly Block[] =
    clause.body.length > 0 || isContainer(clause.kind) ? clause.body : [{ kind: "p", text: "" }];
  element.insert(0, [heading, ...body.map(blockElement)]);
  // The attribute type of the element plays no part once it is built.
  return element as unknown as Y.XmlElement;
}

/** A block of a clause's body as an element that is not yet part of a document. */
export function blockElement(block: Block): Y.XmlElement {
  const element = new Y.XmlElement<{ level: number }>(block.kind === "p" ? "paragraph" : "point");
  if (block.kind === "li") element.setAttribute("level", block.level);
  if (block.text !== "") element.insert(0, [new Y.XmlText(block.text)]);
  return element as unknown as Y.XmlElement;
}

/** The plain text of a Y.XmlText, without any formatting. */
export function plainText(text: Y.XmlText): string {
  let plain = "";
  for (const part of text.toDelta()) if (typeof part.insert === "string") plain += part.insert;
  return plain;
}

/** The clause elements of a draft in reading order, with the id each one is read under. */
export function clauseElements(doc: Y.Doc): { id: string; element: Y.XmlElement }[] {
  const taken = new Set<string>();
  return doc
    .getXmlFragment(charterRoot)
    .toArray()
    .filter((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === "clause")
    .map((element) => {
      const id = readId(element, taken);
      taken.add(id);
      return { id, element };
    });
}

type Part = string | { readonly target: string };
type DraftBlock = { readonly level: number; readonly parts: readonly Part[] };
type Draft = { readonly clause: Clause; readonly blocks: readonly DraftBlock[] };

function readDrafts(doc: Y.Doc): { title: string; clauses: Draft[] } {
  const titles = doc
    .getXmlFragment(charterRoot)
    .toArray()
    .filter((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === "charterTitle");
  return {
    title: titles.map(textIn).filter(Boolean).join(" "),
    clauses: clauseElements(doc).map(({ id, element }) => readClause(id, element)),
  };
}

function readClause(id: string, element: Y.XmlElement): Draft {
  const { kind: storedKind, level: storedLevel }: Record<string, unknown> = element.getAttributes();
  const kind = ClauseKind.catch("clause").parse(storedKind);
  const headings: string[] = [];
  const blocks: DraftBlock[] = [];
  for (const child of element.toArray()) {
    if (!(child instanceof Y.XmlElement)) continue;
    if (child.nodeName === "clauseHeading") headings.push(textIn(child));
    else blocks.push({ level: child.nodeName === "point" ? pointLevel(child) : 0, parts: partsOf(child) });
  }
  const level = levelFor(kind, storedLevel);
  return { clause: { id, kind, level, heading: headings.filter(Boolean).join(" "), body: [] }, blocks };
}

function pointLevel(element: Y.XmlElement): number {
  const { level }: Record<string, unknown> = element.getAttributes();
  return levelFor("clause", level);
}

function textIn(element: Y.XmlElement): string {
  return element
    .toArray()
    .map((child) => (child instanceof Y.XmlText ? plainText(child) : ""))
    .join("");
}

function partsOf(element: Y.XmlElement): Part[] {
  return element.toArray().flatMap((child): Part[] => {
    if (child instanceof Y.XmlText) return [plainText(child)];
    if (child instanceof Y.XmlElement && child.nodeName === "clauseReference")
      return [{ target: child.getAttribute("target") ?? "" }];
    return [];
  });
}

function readId(element: Y.XmlElement, taken: ReadonlySet<string>): string {
  const own = ClauseId.safeParse(element.getAttribute("id"));
  if (own.success && !taken.has(own.data)) return own.data;
  // The place of the element in Yjs is the same for every reader, so that all of them renew alike.
  const place = element._item ? `${element._item.id.client}:${element._item.id.clock}` : "none";
  for (let attempt = 0; ; attempt += 1) {
    const id = derivedId(`${own.success ? own.data : ""}:${place}:${attempt}`);
    if (!taken.has(id)) return id;
  }
}

function derivedId(seed: string): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return [...sha256(new TextEncoder().encode(seed)).subarray(0, 12)].map((byte) => alphabet[byte % 36]).join("");
}
