import { simpleDiffString } from "lib0/diff";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { ownWords } from "#lib/editor/late-text.ts";

test.each([
  ["before a word with the same first letter", "See word ten.", 4, "Written while offline. "],
  ["at the very beginning", "word", 0, "what a "],
  ["at the end", "It ends here.", 13, " Here it goes on."],
])("words typed key by key %s are given back in the order they were typed", (_where, before, at, typed) => {
  const { doc, text, stored } = storedText(before);
  for (let done = 1; done <= typed.length; done += 1)
    writeAsTheEditorDoes(text, before.slice(0, at) + typed.slice(0, done) + before.slice(at));
  expect(ownWords(doc, stored).map((one) => one.text)).toEqual([typed]);
});

test("words in two places of a paragraph stay two, each with its own letters", () => {
  const { doc, text, stored } = storedText("One two three.");
  writeAsTheEditorDoes(text, "One t and two three.");
  writeAsTheEditorDoes(text, "One t and two three. Four.");
  expect(ownWords(doc, stored).map((one) => one.text)).toEqual(["t and  …  Four."]);
});

/** A document with a text that the server has, and the clocks from which everything is one's own. */
function storedText(before: string): { doc: Y.Doc; text: Y.XmlText; stored: Map<number, number> } {
  const server = new Y.Doc();
  server.clientID = 1;
  const paragraph = new Y.XmlText();
  server.getXmlFragment("charter").insert(0, [paragraph]);
  paragraph.insert(0, before);
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 2;
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(server));
  const text = doc.getXmlFragment("charter").get(0);
  if (!(text instanceof Y.XmlText)) throw new Error("The text did not arrive.");
  return { doc, text, stored: new Map([[2, 0]]) };
}

/** The editor's binding knows the text before and after a key, and stores their difference. */
function writeAsTheEditorDoes(text: Y.XmlText, after: string): void {
  const { index, remove, insert } = simpleDiffString(text.toString(), after);
  text.delete(index, remove);
  text.insert(index, insert);
}
