import { expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { clausesOf, textsOf } from "#tests/fuzz/edits.ts";
import {
  type At,
  type Forged,
  type ForgedDeletes,
  type ForgedGroup,
  forgeUpdate,
} from "#tests/support/forged-update.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const own = 66;
const other = 9;

/** A text of one paragraph, and the guard before it. What passes is applied, as in a room. */
function room() {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, seedUpdate(charter("T", clause("a", "Heading", ["one"])), 1));
  const text = textsOf(doc).find((one) => one.toString() === "one")?._start;
  if (!text) throw new Error("There is no text.");
  const one: At = [text.id.client, text.id.clock];
  const level = clausesOf(doc)[0]?._map.get("level");
  if (!level) throw new Error("The clause has no level.");
  return {
    doc,
    one,
    level: [level.id.client, level.id.clock] satisfies At,
    send(groups: readonly ForgedGroup[], deletes: ForgedDeletes = []) {
      const verdict = inspectUpdate(forgeUpdate(groups, deletes), doc, () => true);
      if (verdict.kind === "adds") Y.applyUpdate(doc, verdict.update);
      return verdict.kind === "refused" ? verdict.reason : verdict.kind;
    },
  };
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const everyOther = (count: number): ForgedDeletes => [[other, times(count, (at) => [2 * at + 1, 1] as const)]];

/** Somebody's long piece of text, and so many more of theirs behind it. */
function longList({ one, send }: ReturnType<typeof room>, units: number, pieces: number): void {
  const structs: Forged[] = [
    { text: "l".repeat(units), before: one },
    ...times(pieces, () => ({ text: "s", after: one })),
  ];
  const clocks = { client: other, clock: 0, structs: structs.slice(0, 1) };
  expect(send([clocks])).toBe("adds");
  for (let from = 0; from < pieces; from += 200) {
    const slice = times(
      Math.min(200, pieces - from),
      (at): Forged => ({ text: "s", before: from + at > 0 ? [other, units + from + at - 1] : one }),
    );
    expect(send([{ client: other, clock: units + from, structs: slice }])).toBe("adds");
  }
}

test("letters cut out of what stands before a long list are refused where to move it along would keep the server busy", () => {
  const text = room();
  longList(text, 40_000, 40_000);
  const cuts = 6_000;
  expect(text.send([], everyOther(cuts))).toBe("too-many-parts");
  const between = (count: number): ForgedGroup => ({
    client: own,
    clock: 0,
    structs: times(count, (at) => ({ text: "x", after: [other, 2 * at], before: [other, 2 * at + 1] })),
  });
  expect(text.send([between(cuts)])).toBe("too-many-parts");
  expect(text.send([], everyOther(cuts / 10))).toBe("adds");
  expect(text.send([between(cuts / 10)])).toBe("adds");
});

test("a stretch of which every other letter is deleted already goes as a whole, but not in front of as much that stays", () => {
  const letters = 60_000;
  const text = room();
  expect(text.send([{ client: other, clock: 0, structs: [{ text: "l".repeat(letters), before: text.one }] }])).toBe(
    "adds",
  );
  expect(text.send([], everyOther(letters / 2))).toBe("adds");
  expect(text.send([], [[other, [[0, letters / 2]]]])).toBe("too-many-parts");
  expect(text.send([], [[other, [[0, letters]]]])).toBe("adds");
});

test("thousands of values for one attribute, one after the other, are refused: Yjs would copy all of them for each", () => {
  const { send, level } = room();
  const values = (count: number) => times(count, (at): Forged => ({ value: 1, after: at > 0 ? [own, at - 1] : level }));
  expect(send([{ client: own, clock: 0, structs: values(2_001) }])).toBe("too-many-parts");
  expect(send([{ client: own, clock: 0, structs: values(2_000) }])).toBe("adds");
});

test("values put before the first that an attribute ever had are refused where Yjs would walk back over all of them for each", () => {
  const { send, level } = room();
  // Of two clients in turn, so that they stay as many as they are.
  const history = 4_000;
  const turn = (client: number, after: (at: number) => At): ForgedGroup => ({
    client,
    clock: 0,
    structs: times(history / 2, (at) => ({ value: 1, after: after(at) })),
  });
  const mine = turn(own, (at) => (at > 0 ? [other, at - 1] : level));
  expect(send([mine, turn(other, (at) => [own, at])])).toBe("too-many-parts");
  const { send: sendAnew, level: first } = room();
  for (let at = 0; at < history; at += 1) {
    const [client, clock] = at % 2 === 0 ? [own, at / 2] : [other, (at - 1) / 2];
    const after: At = at === 0 ? first : at % 2 === 0 ? [other, clock - 1] : [own, clock];
    expect(sendAnew([{ client, clock, structs: [{ value: 1, after }] }])).toBe("adds");
  }
  const before = (count: number) => times(count, (at): Forged => ({ value: 1, before: at > 0 ? [77, at - 1] : first }));
  expect(sendAnew([{ client: 77, clock: 0, structs: before(1_000) }])).toBe("too-many-parts");
  expect(sendAnew([{ client: 77, clock: 0, structs: before(100) }])).toBe("adds");
});

test("whoever replaces every twentieth letter of a long text, undoes it and does it again is let in each time", () => {
  const { doc, send, one } = room();
  expect(send([{ client: other, clock: 0, structs: [{ text: "letters ".repeat(12_500), after: one }] }])).toBe("adds");
  const page = new Y.Doc({ gc: false });
  Y.applyUpdate(page, Y.encodeStateAsUpdate(doc));
  page.clientID = own;
  const text = textsOf(page)[1];
  if (!text) throw new Error("There is no text.");
  const undo = new Y.UndoManager(text, { captureTimeout: 60_000 });
  const edits = [
    () =>
      page.transact(() => {
        for (let at = 0; at < text.length; at += 20) {
          text.delete(at, 1);
          text.insert(at, "z");
        }
      }),
    () => undo.undo(),
    () => undo.redo(),
  ];
  for (const edit of edits) {
    edit();
    const update = Y.encodeStateAsUpdate(page, Y.encodeStateVector(doc));
    const verdict = inspectUpdate(update, doc, () => true);
    expect(verdict.kind).toBe("adds");
    Y.applyUpdate(doc, update);
  }
  expect(textsOf(doc)[1]?.toString()).toBe(text.toString());
});
