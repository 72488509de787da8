import * as Y from "yjs";
import type { Clause } from "#lib/domain/charter-text.ts";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";

const words = "The organizations that sign this accord say what they do, do what they say, and report on it. ";

/** A text of so many clauses with one paragraph each, as an update of client 1. */
export function smallText(clauses: number): Uint8Array {
  // Clauses of two rooms in one charter never share an id.
  const prefix = Math.random().toString(36).slice(2, 9).padEnd(7, "0");
  const made: Clause[] = Array.from({ length: clauses }, (_, at) => ({
    id: `${prefix}${String(at).padStart(5, "0")}`,
    kind: "clause",
    level: 0,
    heading: `Clause ${at + 1}`,
    body: [{ kind: "p", text: words.trim() }],
  }));
  return seedUpdate({ title: "Accord", language: "en", clauses: made }, 1);
}

/** The last character of each clause's paragraph: what is typed behind it names it as its origin. */
export function endsOf(text: Uint8Array): { client: number; clock: number }[] {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, text);
  return clausesOf(doc).map((clause) => {
    const last = paragraphOf(clause)._start;
    if (!last) throw new Error("A paragraph is empty.");
    return { client: last.id.client, clock: last.id.clock + last.length - 1 };
  });
}

function clausesOf(doc: Y.Doc): Y.XmlElement[] {
  return doc
    .getXmlFragment(charterRoot)
    .toArray()
    .filter((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === "clause");
}

function paragraphOf(clause: Y.XmlElement): Y.XmlText {
  const paragraph = clause.toArray().find((node) => node instanceof Y.XmlElement && node.nodeName === "paragraph");
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error("A clause has no paragraph.");
  return text;
}
