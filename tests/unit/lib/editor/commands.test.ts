import { describe, expect, test } from "vitest";
import {
  addClauseAfter,
  addClauseOfKind,
  clauseAtSelection,
  deleteClause,
  indent,
  insertReference,
  joinWithPrevious,
  outdent,
  setClauseKind,
  splitClause,
  togglePoint,
} from "#lib/editor/commands.ts";
import { moveClauseDown, moveClauseTo, moveClauseUp } from "#lib/editor/moves.ts";
import { attributesOf } from "#lib/editor/schema.ts";
import { applied, charter, clause, countingIds, editorOn, lines } from "./build.ts";

const fresh = "fresh0000001";

describe("adding", () => {
  test("Mod-Enter adds a clause of the same level after the current one and goes into its heading", () => {
    const state = applied(
      editorOn(charter("T", clause("a", "One|", ["x"], "clause", 2), clause("b", "Two", ["y"]))),
      addClauseAfter(countingIds()),
    );
    expect(state && lines(state.doc)).toEqual(["a clause 2 One / x", `${fresh} clause 2  / `, "b clause 1 Two / y"]);
    const here = state && clauseAtSelection(state);
    expect(here && attributesOf(here.node).id).toBe(fresh);
    expect(state?.selection.$from.parent.type.name).toBe("clauseHeading");
  });
  test("after a section the new clause is an ordinary one, and from the title it comes first", () => {
    const section = applied(editorOn(charter("T", clause("s", "Part|", [], "section"))), addClauseAfter(countingIds()));
    expect(section && lines(section.doc)).toEqual(["s section 0 Part", `${fresh} clause 1  / `]);
    const first = applied(editorOn(charter("T|", clause("a", "One", ["x"]))), addClauseAfter(countingIds()));
    expect(first && lines(first.doc)[0]).toBe(`${fresh} clause 1  / `);
  });
  test("a section is added without a body and an annex has level 0", () => {
    const state = applied(editorOn(charter("T", clause("a", "One|", ["x"]))), addClauseOfKind("annex", countingIds()));
    expect(state && lines(state.doc)).toEqual(["a clause 1 One / x", `${fresh} annex 0 `]);
  });
});

describe("splitting and joining", () => {
  test("a split in the body keeps the id, and so the history, on the first half", () => {
    const state = applied(
      editorOn(charter("T", clause("a", "One", ["left |right", "more"]))),
      splitClause(countingIds()),
    );
    expect(state && lines(state.doc)).toEqual(["a clause 1 One / left ", `${fresh} clause 1  / right / more`]);
  });
  test("a split in the heading takes the body along", () => {
    const state = applied(editorOn(charter("T", clause("a", "One| two", ["x"]))), splitClause(countingIds()));
    expect(state && lines(state.doc)).toEqual(["a clause 1 One / ", `${fresh} clause 1  two / x`]);
  });
  test("joining keeps every word: the later heading becomes a paragraph of the earlier clause", () => {
    const state = applied(
      editorOn(charter("T", clause("a", "One", ["x"]), clause("b", "|Two", ["y"]))),
      joinWithPrevious,
    );
    expect(state && lines(state.doc)).toEqual(["a clause 1 One / x / Two / y"]);
  });
  test("the first clause has nothing to join with", () => {
    expect(applied(editorOn(charter("T", clause("a", "|One", ["x"]))), joinWithPrevious)).toBeUndefined();
  });
  test("a split undone by a join gives the same words", () => {
    const split = applied(editorOn(charter("T", clause("a", "One", ["left |right"]))), splitClause(countingIds()));
    const joined = split && applied(split, joinWithPrevious);
    expect(joined && lines(joined.doc)).toEqual(["a clause 1 One / left  / right"]);
  });
});

describe("levels", () => {
  test("Tab and Shift-Tab move a clause between levels 1 and 3 and stop there", () => {
    const start = editorOn(charter("T", clause("a", "One|", ["x"])));
    const two = applied(start, indent);
    const three = two && applied(two, indent);
    expect(three && lines(three.doc)).toEqual(["a clause 3 One / x"]);
    expect(three && applied(three, indent)).toBeUndefined();
    expect(applied(start, outdent)).toBeUndefined();
  });
  test("containers have no level", () => {
    expect(applied(editorOn(charter("T", clause("s", "Part|", [], "section"))), indent)).toBeUndefined();
  });
  test("inside a point the point moves, and the outermost becomes a paragraph", () => {
    const start = editorOn(charter("T", clause("a", "One", [{ kind: "li", level: 1, text: "x|" }])));
    const deeper = applied(start, indent);
    const flat = applied(start, outdent);
    expect(deeper && lines(deeper.doc)).toEqual(["a clause 1 One / ** x"]);
    expect(flat && lines(flat.doc)).toEqual(["a clause 1 One / x"]);
  });
  test("a paragraph becomes a point and back", () => {
    const start = editorOn(charter("T", clause("a", "One", ["x|"])));
    const pointed = applied(start, togglePoint);
    expect(pointed && lines(pointed.doc)).toEqual(["a clause 1 One / * x"]);
    const back = pointed && applied(pointed, togglePoint);
    expect(back && lines(back.doc)).toEqual(["a clause 1 One / x"]);
  });
});

describe("moving", () => {
  const text = (cursor: string) =>
    charter(
      "T",
      ...[
        clause("s1", "Part", [], "section"),
        clause("a", "A", ["a"]),
        clause("b", "B", ["b"], "clause", 2),
        clause("c", "C", ["c"]),
        clause("s2", "Rest", [], "section"),
        clause("d", "D", ["d"]),
      ].map((one) => (one.id.startsWith(cursor) ? { ...one, heading: `${one.heading}|` } : one)),
    );
  const order = (state: ReturnType<typeof applied>) =>
    state &&
    lines(state.doc)
      .map((line) => line.split(" ")[0])
      .join(" ");

  test.each([
    ["a clause goes down with its sub-clauses", "a", moveClauseDown, "s1 c a b s2 d"],
    ["a clause goes up over a clause and its sub-clauses", "c", moveClauseUp, "s1 c a b s2 d"],
    ["the last clause of a section goes down into the next", "c", moveClauseDown, "s1 a b s2 c d"],
    ["the first clause of a section goes up into the one before", "d", moveClauseUp, "s1 a b c d s2"],
    ["a section goes down whole", "s1", moveClauseDown, "s2 d s1 a b c"],
    ["a section goes up whole", "s2", moveClauseUp, "s2 d s1 a b c"],
    ["a clause is put before another by its handle", "d", moveClauseTo("d".padEnd(12, "0"), 1), "s1 d a b c s2"],
    ["a clause is put last by its handle", "a", moveClauseTo("a".padEnd(12, "0"), -1), "s1 c s2 d a b"],
  ])("%s", (_promise, cursor, command, expected) => {
    const state = applied(editorOn(text(cursor)), command);
    expect(order(state)).toBe(expected);
    const here = state && clauseAtSelection(state);
    expect(here && attributesOf(here.node).id).toBe(cursor.padEnd(12, "0"));
  });
  test("nothing moves past the ends", () => {
    expect(applied(editorOn(text("s1")), moveClauseUp)).toBeUndefined();
    expect(applied(editorOn(text("s2")), moveClauseDown)).toBeUndefined();
  });
});

describe("kinds, references, deletion", () => {
  test("a clause that becomes a section loses its level and keeps its id and words", () => {
    const state = applied(editorOn(charter("T", clause("a", "One|", ["x"], "clause", 2))), setClauseKind("section"));
    expect(state && lines(state.doc)).toEqual(["a section 0 One / x"]);
  });
  test("a reference goes into a paragraph and not into a heading", () => {
    const text = (heading: string, body: string) => editorOn(charter("T", clause("a", heading, [body])));
    const state = applied(text("One", "see |."), insertReference("b".padEnd(12, "0")));
    expect(state?.doc.child(1).child(1).childCount).toBe(3);
    expect(applied(text("One|", "x"), insertReference("b".padEnd(12, "0")))).toBeUndefined();
  });
  test("the last clause is emptied under a new id, any other is removed", () => {
    const two = applied(
      editorOn(charter("T", clause("a", "One|", ["x"]), clause("b", "Two", ["y"]))),
      deleteClause(countingIds()),
    );
    expect(two && lines(two.doc)).toEqual(["b clause 1 Two / y"]);
    const one = applied(editorOn(charter("T", clause("a", "One|", ["x"]))), deleteClause(countingIds()));
    expect(one && lines(one.doc)).toEqual([`${fresh} clause 1  / `]);
  });
});

describe("tidying", () => {
  test("the later of two clauses with one id is renewed by the next edit", () => {
    const start = editorOn(charter("T", clause("a", "One", ["x"]), clause("a", "Two", ["y"])));
    const state = start.apply(start.tr.insertText("!", 2));
    expect(lines(state.doc)).toEqual(["a clause 1 One / x", `${fresh} clause 1 Two / y`]);
  });
  test("another's edits are left alone, so that two editors never correct against each other", () => {
    const start = editorOn(charter("T", clause("a", "One", ["x"]), clause("a", "Two", ["y"])));
    const state = start.apply(start.tr.insertText("!", 2).setMeta("y-sync$", { isChangeOrigin: true }));
    expect(lines(state.doc).map((line) => line[0])).toEqual(["a", "a"]);
  });
  test("a clause that lost its heading gets one, and a second heading becomes a paragraph", () => {
    const start = editorOn(charter("T", clause("a", "One", ["x"])));
    const { clauseHeading, paragraph } = start.schema.nodes;
    const clauseNode = start.doc.child(1);
    if (!clauseHeading || !paragraph) throw new Error("schema");
    const broken = [paragraph.create(null, start.schema.text("p")), clauseHeading.create(null, start.schema.text("h"))];
    const at = start.doc.child(0).nodeSize;
    const state = start.apply(start.tr.replaceWith(at + 1, at + clauseNode.nodeSize - 1, broken));
    expect(lines(state.doc)).toEqual(["a clause 1  / p / h"]);
    state.doc.check();
  });
});
