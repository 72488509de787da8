import { getSchema } from "@tiptap/core";
import { yXmlFragmentToProseMirrorRootNode } from "@tiptap/y-tiptap";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import type { Block } from "#lib/domain/charter-text.ts";
import { CharterText, ClauseKind } from "#lib/domain/charter-text.ts";
import {
  charterTextOf,
  clauseElement,
  clauseMap,
  missingReference,
  readCharter,
  seedUpdate,
} from "#lib/editor/clauses.ts";
import { charterRoot, charterSchema, levelFor, nodeNames } from "#lib/editor/schema.ts";
import { charterExtensions } from "#lib/editor/tiptap.ts";
import { charter, clause, lines } from "./build.ts";

function seeded(text: CharterText): Y.Doc {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, seedUpdate(text, 7));
  return doc;
}

const words = fc.string({ unit: "grapheme", maxLength: 20 }).filter((text) => !/\p{Cc}|\p{Cs}/u.test(text));
const someWords = words.filter((text) => text.trim() !== "");
const block: fc.Arbitrary<Block> = fc.oneof(
  someWords.map((text) => ({ kind: "p" as const, text })),
  fc.record({ kind: fc.constant("li" as const), level: fc.integer({ min: 1, max: 3 }), text: someWords }),
);
const anyClause = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9]{12}$/),
    kind: fc.constantFrom(...ClauseKind.options),
    level: fc.integer({ min: 1, max: 3 }),
    heading: words,
    body: fc.array(block, { maxLength: 4 }),
  })
  .map((one) => ({ ...one, level: levelFor(one.kind, one.level) }));
const anyText = fc.record({
  title: words,
  language: fc.constant("en"),
  clauses: fc.uniqueArray(anyClause, { selector: (one) => one.id, maxLength: 8 }),
});

describe("a text and its document", () => {
  test("any text seeded into a room is read back unchanged", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(charterTextOf(seeded(text))).toEqual(text);
      }),
      { numRuns: 300 },
    );
  });
  test("the editor's binding shows the seeded text in the schema, whole", () => {
    const text = charter(
      "Accord",
      clause("p", "Preamble", ["We"], "preamble"),
      clause("a", "Report", ["x", { kind: "li", level: 2, text: "y" }]),
    );
    const node = yXmlFragmentToProseMirrorRootNode(seeded(text).getXmlFragment(charterRoot), charterSchema);
    node.check();
    expect(lines(node)).toEqual(["p preamble 0 Preamble / We", "a clause 1 Report / x / ** y"]);
  });
  test("what is read is a valid charter text", () => {
    expect(() => CharterText.parse(charterTextOf(seeded(charter("T", clause("a", "", [])))))).not.toThrow();
  });
  test("the clauses stand in the map in reading order", () => {
    expect([...clauseMap(seeded(charter("T", clause("b", "B"), clause("a", "A")))).keys()]).toEqual([
      "b00000000000",
      "a00000000000",
    ]);
  });
});

describe("references", () => {
  function withReference(target: string, kind: ClauseKind = "clause"): Y.Doc {
    const doc = seeded(charter("T", clause("a", "A", ["see "]), clause("b", "B", ["y"], kind)));
    const reference = new Y.XmlElement("clauseReference");
    reference.setAttribute("target", target);
    const paragraph = doc.getXmlFragment(charterRoot).get(1);
    if (!(paragraph instanceof Y.XmlElement)) throw new Error("no clause");
    const body = paragraph.get(1);
    if (!(body instanceof Y.XmlElement)) throw new Error("no paragraph");
    body.push([reference]);
    return doc;
  }
  test.each([
    ["clause", "see clause 2"],
    ["section", "see section 2"],
    ["annex", "see annex A"],
    ["preamble", "see the preamble"],
  ] as const)("a reference to a %s reads as its number at this moment", (kind, expected) => {
    const read = readCharter(withReference("b00000000000", kind));
    expect(read.text.clauses[0]?.body).toEqual([{ kind: "p", text: expected }]);
    expect(read.undefinedReferences).toEqual([]);
  });
  test("a reference to a clause that is gone is said to be missing and listed", () => {
    const read = readCharter(withReference("zzzzzzzzzzzz"));
    expect(read.text.clauses[0]?.body).toEqual([{ kind: "p", text: `see ${missingReference}` }]);
    expect(read.undefinedReferences).toEqual([{ clauseId: "a00000000000", target: "zzzzzzzzzzzz" }]);
  });
});

describe("ids", () => {
  test("the later of two clauses with one id is renewed alike for every reader", () => {
    const doc = seeded(charter("T", clause("a", "A"), clause("a", "B")));
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const ids = charterTextOf(doc).clauses.map((one) => one.id);
    expect(ids[0]).toBe("a00000000000");
    expect(ids[1]).toMatch(/^[a-z0-9]{12}$/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(charterTextOf(other).clauses.map((one) => one.id)).toEqual(ids);
  });
  test("a clause with odd attributes is read as a plain clause with all its words", () => {
    const doc = seeded(charter("T", clause("a", "A")));
    const odd = clauseElement(clause("b", "B", ["words"]));
    odd.setAttribute("kind", "script");
    odd.setAttribute("id", "../../etc/passwd");
    doc.getXmlFragment(charterRoot).push([odd]);
    const read = charterTextOf(doc).clauses[1];
    expect(read?.kind).toBe("clause");
    expect(read?.heading).toBe("B");
    expect(read?.id).toMatch(/^[a-z0-9]{12}$/);
  });
});

test("the Tiptap nodes make the same schema as the plain one", () => {
  const schema = getSchema(charterExtensions());
  for (const name of nodeNames) {
    expect(schema.nodes[name]?.spec.content ?? "", name).toBe(charterSchema.nodes[name].spec.content ?? "");
    expect(schema.nodes[name]?.spec.group, name).toBe(charterSchema.nodes[name].spec.group);
    const defaults = (attrs: Record<string, { default?: unknown }> | null | undefined) =>
      Object.fromEntries(Object.entries(attrs ?? {}).map(([key, attr]) => [key, attr.default]));
    expect(defaults(schema.nodes[name]?.spec.attrs), name).toEqual(defaults(charterSchema.nodes[name].spec.attrs));
  }
  expect(Object.keys(schema.marks)).toEqual([]);
});
