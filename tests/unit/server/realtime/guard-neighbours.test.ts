import { expect, test } from "vitest";
import * as Y from "yjs";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { settleOwnNeighbours } from "#lib/protocol/neighbours.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { clausesOf, textsOf } from "#tests/fuzz/edits.ts";
import { playNeighbours } from "#tests/fuzz/neighbours.ts";
import { type At, type Forged, forgeUpdate } from "#tests/support/forged-update.ts";
import { randomOf } from "#tests/support/random.ts";
import { seed } from "#tests/support/seed.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const own = 66;
const rounds = 150;

/** A room whose text somebody with a smaller clientID began, and the rows that it has taken. */
function room(words: string) {
  const doc = new Y.Doc({ gc: false });
  const rows: Uint8Array[] = [];
  const take = (update: Uint8Array) => {
    Y.applyUpdate(doc, update);
    rows.push(update);
  };
  take(seedUpdate(charter("T", clause("a", "A", [words])), 1));
  const give = (update: Uint8Array) => {
    const verdict = inspectUpdate(update, doc, () => true);
    if (verdict.kind === "adds") take(verdict.update);
    return verdict.kind === "refused" ? verdict.reason : verdict.kind;
  };
  const start = textsOf(doc)[1]?._start?.id;
  if (!start) throw new Error("There is no text.");
  const at = (unit: number): At => [start.client, start.clock + unit];
  return { doc, rows, give, at };
}

/** What a page shows that opens now, and what one shows that was sent everything at once. */
function freshPages({ doc, rows }: { doc: Y.Doc; rows: readonly Uint8Array[] }) {
  return [Y.encodeStateAsUpdate(doc), Y.mergeUpdates([...rows])].map((update) => {
    const page = new Y.Doc({ gc: false });
    Y.applyUpdate(page, update);
    return charterTextOf(page);
  });
}

test("a part that names a place within another's branch is refused: a page opened later would read another text, and no freeze would come about", () => {
  const { give, at } = room("abc");
  const forged: Forged[] = [
    { text: "x", before: at(1) },
    { text: "x", after: at(0), before: at(2) },
  ];
  for (const part of forged)
    expect(give(forgeUpdate([{ client: own, clock: 0, structs: [part] }]))).toBe("unknown-origin");
  // With a part before it, it is judged with others.
  const first: Forged = { text: "y", after: at(2) };
  for (const part of forged)
    expect(give(forgeUpdate([{ client: own, clock: 0, structs: [first, part] }]))).toBe("unknown-origin");
  expect(give(forgeUpdate([{ client: own, clock: 0, structs: [first] }]))).toBe("adds");
});

test("a part that names one letter on both sides stands in one place in every page, however that page came by the text", () => {
  const here = room("abc");
  const { doc, give, at } = here;
  const between = (after: At, before: At, text: string): Forged => ({ text, after, before });
  // Where Yjs has the three letters in one piece it would put this before the third, and where it has not, behind it.
  expect(give(forgeUpdate([{ client: own, clock: 0, structs: [between(at(2), at(2), "x")] }]))).toBe("adds");
  expect(charterTextOf(doc).clauses[0]?.body).toEqual([{ kind: "p", text: "abcx" }]);
  for (const page of freshPages(here)) expect(page).toEqual(charterTextOf(doc));
  const more = [between(at(2), at(0), "y"), between([own, 1], [own, 1], "z")];
  expect(give(forgeUpdate([{ client: own, clock: 1, structs: more }]))).toBe("adds");
  for (const page of freshPages(here)) expect(page).toEqual(charterTextOf(doc));
});

test(`whatever neighbours are forged, what is taken reads alike in every copy: ${rounds} rounds (SEED=${seed})`, () => {
  let taken = 0;
  for (let round = 0; round < rounds; round += 1) {
    const played = playNeighbours(randomOf(seed + round));
    expect(played.unlike).toEqual([]);
    taken += played.taken;
  }
  expect(taken).toBeGreaterThan(rounds);
});

/** Somebody undoes twice in a place where another wrote too. `page` is theirs; gives what the guard said of each update. */
function undoTwice(here: ReturnType<typeof room>, page: Y.Doc): string[] {
  page.clientID = own;
  Y.applyUpdate(page, Y.encodeStateAsUpdate(here.doc));
  const answers: string[] = [];
  page.on("update", (update: Uint8Array, from: unknown) => {
    if (from !== "server") answers.push(here.give(update));
  });
  const undo = new Y.UndoManager(page.getXmlFragment(charterRoot), { captureTimeout: 0 });
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText("we")]);
  clausesOf(page)[0]?.insert(2, [paragraph]);
  const text = textsOf(page)[2];
  text?.insert(2, " pay");
  const other = new Y.Doc({ gc: false });
  other.clientID = own + 1;
  Y.applyUpdate(other, Y.encodeStateAsUpdate(here.doc));
  textsOf(other)[2]?.insert(2, " all");
  text?.delete(2, 4);
  undo.undo();
  answers.push(here.give(Y.encodeStateAsUpdate(other, Y.encodeStateVector(here.doc))));
  Y.applyUpdate(page, Y.encodeStateAsUpdate(here.doc), "server");
  text?.delete(6, 4);
  clausesOf(page)[0]?.delete(2, 1);
  undo.undo();
  undo.undo();
  textsOf(page)[2]?.insert(0, "Here ");
  expect(textsOf(page)[2]?.toString()).toBe("Here we pay all");
  return answers;
}

test("a word brought back beside another's and once more with its paragraph is taken, and reads alike in the page, on the server and in pages opened later", () => {
  const here = room("old");
  const page = new Y.Doc({ gc: false });
  expect(new Set(undoTwice(here, page))).toEqual(new Set(["adds"]));
  expect(charterTextOf(here.doc)).toEqual(charterTextOf(page));
  for (const opened of freshPages(here)) expect(opened).toEqual(charterTextOf(page));
});

test.each([
  { way: "one by one", opened: (kept: readonly Uint8Array[]) => kept },
  { way: "as one state", opened: (kept: readonly Uint8Array[]) => [Y.mergeUpdates([...kept])] },
])(
  "what a device kept of such a word is what the room has, read $way: opened again it shows nobody's words elsewhere",
  ({ opened }) => {
    const here = room("old");
    const page = new Y.Doc({ gc: false });
    settleOwnNeighbours(page);
    const kept: Uint8Array[] = [];
    page.on("update", (update: Uint8Array) => kept.push(update));
    undoTwice(here, page);
    const again = new Y.Doc({ gc: false });
    for (const update of opened(kept)) Y.applyUpdate(again, update);
    expect(charterTextOf(again)).toEqual(charterTextOf(here.doc));
    expect(neighboursIn(again)).toEqual(neighboursIn(here.doc));
  },
);

/** What each unit of a text names as its neighbours. */
function neighboursIn(doc: Y.Doc): unknown[] {
  const said: unknown[] = [];
  for (const [client, structs] of doc.store.clients)
    for (const struct of structs)
      if (struct instanceof Y.Item)
        for (let unit = 0; unit < struct.length; unit += 1)
          said.push([
            client,
            struct.id.clock + unit,
            unit === 0 ? struct.origin : new Y.ID(client, struct.id.clock + unit - 1),
            struct.rightOrigin,
          ]);
  return said.map((one) => JSON.stringify(one)).sort();
}
