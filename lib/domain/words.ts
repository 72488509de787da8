import type { Clause } from "./charter-text.ts";

/** A word in a text: from its first to behind its last UTF-16 unit. */
export type WordAt = { readonly word: string; readonly from: number; readonly to: number };

/**
 * Letters, digits and their marks in a row; an apostrophe, hyphen or full stop between two of them is inside the word
 * ("don't", "e-mail", "2.1"). Where a script puts no spaces between words, each character counts as one.
 */
const wordPattern =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{N}\p{M}])+(?:['’.\-‑][\p{L}\p{N}\p{M}]+)*/gu;

/** The words of a text in their order, as they are compared: without case, in one Unicode form. Punctuation is no word. */
export function wordsIn(text: string): WordAt[] {
  const found: WordAt[] = [];
  for (const match of text.matchAll(wordPattern)) {
    const [whole] = match;
    found.push({ word: folded(whole), from: match.index, to: match.index + whole.length });
  }
  return found;
}

/** The paragraphs of a clause as one list: its heading first (empty where it has none), then the blocks of its body. */
export function segmentsOf(clause: Pick<Clause, "heading" | "body">): string[] {
  return [clause.heading, ...clause.body.map((block) => block.text)];
}

function folded(word: string): string {
  return word.normalize("NFC").toLowerCase();
}
