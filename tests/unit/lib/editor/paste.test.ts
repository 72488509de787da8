import type { Node as ProseNode } from "@tiptap/pm/model";
import { Fragment, Slice } from "@tiptap/pm/model";
import { describe, expect, test } from "vitest";
import { cleanPaste, reportOf } from "#lib/editor/paste.ts";
import { attributesOf, charterSchema } from "#lib/editor/schema.ts";
import { charter, clause, countingIds, editorOn } from "./build.ts";

const { clauseHeading, paragraph } = charterSchema.nodes;
const p = (text: string) => paragraph.create(null, charterSchema.text(text));
const h = (text: string) => clauseHeading.create(null, charterSchema.text(text));

function pasted(...nodes: ProseNode[]): Slice {
  return cleanPaste(new Slice(Fragment.from(nodes), 0, 0), charterSchema, countingIds());
}

function shown(slice: Slice): string[] {
  const found: string[] = [];
  slice.content.forEach((node) => {
    found.push(
      node.type.name === "point" ? `${"*".repeat(attributesOf(node).level)} ${node.textContent}` : node.textContent,
    );
  });
  return found;
}

describe("list markers become points", () => {
  test.each([
    ["Word letters", ["a) one", "b) two"], ["* one", "* two"]],
    ["numbers", ["1. one", "2. two"], ["* one", "* two"]],
    ["bullets", ["• one", "· two"], ["* one", "* two"]],
    ["brackets", ["(a) one", "(b) two"], ["* one", "* two"]],
    ["letters under numbers", ["1. one", "a) in", "b) in", "2. two"], ["* one", "** in", "** in", "* two"]],
    ["Roman under letters", ["a) one", "i) in", "ii) in", "b) two"], ["* one", "** in", "** in", "* two"]],
    ["h, i, j in letters", ["h) one", "i) two", "j) three"], ["* one", "* two", "* three"]],
    ["legal numbers", ["1.1. one", "1.2. two"], ["* one", "* two"]],
    [
      "no markers",
      ["A plain one", "3.5 percent is a number", "e.g. this"],
      ["A plain one", "3.5 percent is a number", "e.g. this"],
    ],
  ])("%s", (_name, input, expected) => {
    expect(shown(pasted(...input.map(p)))).toEqual(expected);
  });
});

describe("clauses", () => {
  test("headings begin clauses with fresh ids", () => {
    const slice = pasted(h("One"), p("x"), h("Two"), p("1. y"));
    expect(reportOf(slice)).toEqual({ clauses: 2, points: 1 });
    expect(attributesOf(slice.content.child(0)).id).toBe("fresh0000001");
    for (let at = 0; at < 2; at += 1) slice.content.child(at).check();
  });
  test("a copied clause is not the clause it was copied from", () => {
    const source = editorOn(charter("T", clause("a", "One", ["x"]), clause("b", "Two", ["y"])));
    const slice = pasted(source.doc.child(1), source.doc.child(2));
    expect([0, 1].map((at) => attributesOf(slice.content.child(at)).id)).toEqual(["fresh0000001", "fresh0000002"]);
  });
  test("a paste inside one line stays text", () => {
    const slice = new Slice(Fragment.from(p("a) not a list")), 1, 1);
    expect(cleanPaste(slice, charterSchema, countingIds())).toBe(slice);
  });
});
