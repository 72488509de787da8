import * as Y from "yjs";
import { clauseElement } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { below } from "./mutate.ts";

/** One edit of a kind that the editor makes, where the lot falls. */
export function edit(doc: Y.Doc, random: () => number): void {
  const fragment = doc.getXmlFragment(charterRoot);
  const texts = textsOf(doc);
  const text = texts[below(random, texts.length)];
  const clauses = clausesOf(doc);
  const element = clauses[below(random, clauses.length)];
  switch (below(random, 8)) {
    case 0:
      if (text) eraseAt(text, below(random, text.length + 1));
      return;
    case 1:
      fragment.insert(fragment.length, [clauseElement(clause(`n${below(random, 99)}`, "New", ["words"]))]);
      return;
    case 2:
      // Levels are numbers in this schema.
      (element as Y.XmlElement<{ level: number }> | undefined)?.setAttribute("level", 1 + below(random, 3));
      return;
    case 3: {
      if (!element || clauses.length < 2) return;
      const copy = element.clone();
      doc.transact(() => {
        fragment.delete(fragment.toArray().indexOf(element), 1);
        fragment.insert(fragment.length, [copy]);
      });
      return;
    }
    default:
      text?.insert(
        wholeAt(text, below(random, text.length + 1)),
        ["word", "é", "\ud83d\ude00", " "][below(random, 4)] ?? "",
      );
  }
}

export function clausesOf(doc: Y.Doc): Y.XmlElement[] {
  return doc
    .getXmlFragment(charterRoot)
    .toArray()
    .filter((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === "clause");
}

/** Every text inside of a clause. */
export function textsOf(doc: Y.Doc): Y.XmlText[] {
  return clausesOf(doc).flatMap((element) =>
    element
      .toArray()
      .flatMap((block) =>
        block instanceof Y.XmlElement
          ? block.toArray().filter((node): node is Y.XmlText => node instanceof Y.XmlText)
          : [],
      ),
  );
}

/** The place at or before `at` that is not inside of a character; no editor puts its cursor there. */
export function wholeAt(text: Y.XmlText, at: number): number {
  const code = text.toString().charCodeAt(at);
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Takes the character at or before `at` out. */
export function eraseAt(text: Y.XmlText, at: number): void {
  const start = wholeAt(text, at);
  if (start >= text.length) return;
  text.delete(start, wholeAt(text, start + 1) === start ? 2 : 1);
}
