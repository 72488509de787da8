import * as Y from "yjs";
import type { PlacedWord } from "#lib/domain/word-authors.ts";
import { wordsIn } from "#lib/domain/words.ts";
import { missingReference } from "./clauses.ts";

/** Words for references, by the id of the clause they point to. */
export type Labels = ReadonlyMap<string, string>;

/**
 * Reads the words of clauses with their places, which tell whether somebody touched them: Yjs never gives a letter
 * that stays another id, and never gives an id twice. The numbers hold within one reader.
 */
export class PlacedWordReader {
  readonly #clients = new Map<number, number>();

  /** The words of a clause's heading and body, in the order and the paragraphs of its plain text. */
  read(clause: Y.XmlElement, labels: Labels): PlacedWord[] {
    const children = clause.toArray().filter((child) => child instanceof Y.XmlElement);
    const headings = children
      .filter((child) => child.nodeName === "clauseHeading")
      .map((child) => this.#pieces(child, labels));
    const heading = headings
      .filter((pieces) => pieces.some((piece) => piece.text !== ""))
      .flatMap((pieces, at) => (at > 0 ? [{ text: " ", placeOf: () => undefined }, ...pieces] : pieces));
    const blocks = children
      .filter((child) => child.nodeName !== "clauseHeading")
      .map((child) => this.#pieces(child, labels));
    return [heading, ...blocks].flatMap(wordsOfSegment);
  }

  #pieces(block: Y.XmlElement, labels: Labels): Piece[] {
    return block.toArray().flatMap((child): Piece[] => {
      if (child instanceof Y.XmlText) return this.#written(child);
      if (!(child instanceof Y.XmlElement) || child.nodeName !== "clauseReference" || !child._item) return [];
      const place = this.#place(child._item.id);
      const text = labels.get(child.getAttribute("target") ?? "") ?? missingReference;
      // A label has two words; below 0 they may change by themselves.
      return [{ text, placeOf: (at) => -(2 * place + (at > 0 && text.slice(0, at).includes(" ") ? 1 : 0)) - 1 }];
    });
  }

  #written(text: Y.XmlText): Piece[] {
    const pieces: Piece[] = [];
    for (let at = text._start; at !== null; at = at.right) {
      if (at.deleted || !(at.content instanceof Y.ContentString)) continue;
      const place = this.#place(at.id);
      pieces.push({ text: at.content.str, placeOf: (offset) => place + offset });
    }
    return pieces;
  }

  #place({ client, clock }: Y.ID): number {
    let index = this.#clients.get(client);
    if (index === undefined) {
      index = this.#clients.size;
      this.#clients.set(client, index);
    }
    return index * 2 ** 32 + clock;
  }
}

/** A stretch of text whose units lie side by side in Yjs. */
type Piece = { readonly text: string; readonly placeOf: (offset: number) => number | undefined };

function wordsOfSegment(pieces: readonly Piece[]): PlacedWord[] {
  let piece = 0;
  let start = 0;
  return wordsIn(pieces.map((one) => one.text).join("")).map(({ word, from }, at) => {
    for (let one = pieces[piece]; one && start + one.text.length <= from; one = pieces[piece]) {
      start += one.text.length;
      piece += 1;
    }
    return { word, isFirst: at === 0, place: pieces[piece]?.placeOf(from - start) };
  });
}
