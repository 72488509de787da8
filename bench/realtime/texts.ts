import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as Y from "yjs";
import type { Clause } from "#lib/domain/charter-text.ts";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";

const traceFile = "../shared/traces/automerge-paper.json.gz";
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

/** A long text and how it came about: rows as a log holds them, and the state without what was deleted. */
export type LongText = { readonly updates: Uint8Array[]; readonly state: Uint8Array; readonly text: string };

/**
 * The trace of a paper being written, 259,778 keystrokes, typed into the first clause; undefined, loudly, where it is not there.
 * Keystrokes lie 500 to a row.
 */
export function paperText(): LongText | undefined {
  if (!existsSync(traceFile)) {
    console.error(`SKIPPED: ${traceFile} is not there, so nothing is opened cold.`);
    return undefined;
  }
  // The file is ours and of this shape.
  const { txns } = JSON.parse(gunzipSync(readFileSync(traceFile)).toString("utf8")) as {
    txns: { patches: [number, number, string][] }[];
  };
  const long = typed((text, write) => {
    for (let at = 0; at < txns.length; at += 500)
      write(() => {
        for (const { patches } of txns.slice(at, at + 500))
          for (const [place, deleted, inserted] of patches) {
            if (deleted > 0) text.delete(place, deleted);
            if (inserted) text.insert(place, inserted);
          }
      });
  });
  return long;
}

/** 300 KB of words, corrected as they were written: every sixth one was thrown away again. */
export function reportText(): LongText {
  return typed((text, write) => {
    for (let at = 0; text.length < 300_000; at += 1)
      write(() => {
        // Not far from the end, as people write.
        let place = Math.max(0, text.length - ((at * 7919) % 3_000));
        for (let word = 0; word < 60; word += 1) {
          text.insert(place, words.slice((word % 10) * 9, (word % 10) * 9 + 9));
          place += word % 6 === 5 ? 4 : 9;
          if (word % 6 === 5) text.delete(place, 5);
        }
      });
  });
}

function typed(type: (text: Y.XmlText, write: (edit: () => void) => void) => void): LongText {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 2;
  const seed = smallText(1);
  Y.applyUpdate(doc, seed);
  const updates = [seed];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  const [clause] = clausesOf(doc);
  if (!clause) throw new Error("The text has no clause.");
  const text = paragraphOf(clause);
  doc.transact(() => text.delete(0, text.length));
  type(text, (edit) => doc.transact(edit));
  const plain = new Y.Doc();
  for (const update of updates) Y.applyUpdate(plain, update);
  return { updates, state: Y.encodeStateAsUpdate(plain), text: text.toString() };
}

/** What a client that was sent this state reads in the first clause. */
export function textIn(state: Uint8Array): string {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const [clause] = clausesOf(doc);
  return clause ? paragraphOf(clause).toString() : "";
}

/** One letter of this client at the beginning of the first clause. */
export function letterIn(state: Uint8Array, client: number): Uint8Array {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  doc.clientID = client;
  const before = Y.encodeStateVector(doc);
  const [clause] = clausesOf(doc);
  if (!clause) throw new Error("The text has no clause.");
  paragraphOf(clause).insert(0, "x");
  return Y.encodeStateAsUpdate(doc, before);
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
