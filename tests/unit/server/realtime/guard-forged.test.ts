import { expect, test } from "vitest";
import * as Y from "yjs";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { insertionsMax } from "#lib/protocol/limits.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { mergeRun } from "#server/realtime/runs.ts";
import { TextSize } from "#server/realtime/text-size.ts";
import { textsOf } from "#tests/fuzz/edits.ts";
import {
  type At,
  type Forged,
  type ForgedDeletes,
  type ForgedGroup,
  forgeUpdate,
} from "#tests/support/forged-update.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const own = 66;
const victim = 1;

/** A text that the victim wrote, and the guard before it. What passes is applied, as in a room. */
function room(...paragraphs: string[]) {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, seedUpdate(charter("T", clause("a", "Heading", paragraphs)), victim));
  const at = (words: string, unit = 0): At => {
    const item = textsOf(doc).find((text) => text.toString() === words)?._start;
    if (!item) throw new Error(`There is no "${words}".`);
    return [item.id.client, item.id.clock + unit];
  };
  const give = (update: Uint8Array) => {
    const verdict = inspectUpdate(update, doc, (client) => client >= own);
    if (verdict.kind === "adds") Y.applyUpdate(doc, verdict.update);
    expect([doc.store.pendingStructs, doc.store.pendingDs]).toEqual([null, null]);
    return verdict.kind === "refused" ? verdict.reason : verdict.kind;
  };
  return {
    doc,
    at,
    give,
    send: (groups: ForgedGroup[], deletes: ForgedDeletes = []) => give(forgeUpdate(groups, deletes)),
    words: () => textsOf(doc).map((text) => text.toString()),
  };
}

const mine = (...structs: Forged[]): ForgedGroup => ({ client: own, clock: 0, structs });

test("what stands under a client twice is refused: Yjs would take the second, which nobody looked at", () => {
  const { at, send, doc } = room("one");
  const honest = mine({ text: "a", after: at("one", 2) });
  expect(send([honest, mine({ embed: "x", after: at("one", 2) })])).toBe("malformed");
  expect(send([honest, mine({ text: "a", in: "another root" })])).toBe("malformed");
  expect(send([honest, { client: own, clock: 1, structs: [{ text: "b", after: [own, 0] }] }])).toBe("malformed");
  expect(doc.store.clients.has(own)).toBe(false);
});

test("an empty part that would hide a full one is refused, and so are parts in another order than Yjs writes them", () => {
  const { at, send } = room("one");
  const full = mine({ text: "abc", after: at("one", 2) });
  expect(send([full, mine()], [[own, [[0, 1]]]])).toBe("malformed");
  expect(send([full, { client: own + 1, clock: 0, structs: [{ text: "d", after: at("one", 2) }] }])).toBe("malformed");
});

test("bytes after an update are refused: they would be stored and sent on, and nobody would have read them", () => {
  const { at, give } = room("one");
  const update = forgeUpdate([mine({ text: "a", after: at("one", 2) })]);
  expect(give(Uint8Array.of(...update, 0))).toBe("malformed");
  expect(give(update)).toBe("adds");
});

test("a known part makes no root, cuts no character and waits for nobody, however it lies about where it stands", () => {
  const { at, send, words, doc } = room("\u{1f600}", "one", "two");
  const [client, clock] = at("one");
  const two = at("two");
  const lies: Forged[] = [
    { text: "one", in: "another root" },
    { text: "one", in: "__proto__", key: "constructor" },
    { text: "one", after: at("\u{1f600}") },
    { text: "one", before: at("\u{1f600}", 1) },
    { text: "one", after: [77, 0] },
    { text: "two", after: two },
  ];
  for (const lie of lies) {
    const known = { client, clock, structs: [lie] };
    // Alone it says nothing; with something new beside it, it would be applied.
    expect(send([known])).toBe("nothing");
    expect(["adds", "nothing"]).toContain(send([known], [[client, [[two[1], 3]]]]));
  }
  expect(words()).toEqual(["Heading", "\u{1f600}", "one", ""]);
  expect([...doc.share.keys()]).toEqual(["charter"]);
});

test("of an update that is known in part only the rest is stored, where it stands by itself: no words of others are told anew", () => {
  const { at, doc, words, send } = room("one");
  expect(send([mine({ text: "ab", after: at("one", 2) })])).toBe("adds");
  // The same two letters again as others, said to stand in the heading, and two new ones.
  const update = forgeUpdate([mine({ text: "xycd", after: at("Heading") })]);
  const verdict = inspectUpdate(update, doc, () => true);
  if (verdict.kind !== "adds") throw new Error(verdict.kind);
  expect(Y.decodeUpdate(verdict.update).structs.map(({ id, length }) => [id.clock, length])).toEqual([[2, 2]]);
  Y.applyUpdate(doc, verdict.update);
  expect(words()).toEqual(["Heading", "oneabcd"]);
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
  expect(charterTextOf(copy)).toEqual(charterTextOf(doc));
});

test("rows that are merged for those who read say what they say one by one", () => {
  const { at, doc, send, words } = room("one");
  const end = at("one", 2);
  expect(send([mine({ text: ": ", after: end })])).toBe("adds");
  const reader = new Y.Doc();
  Y.applyUpdate(reader, Y.encodeStateAsUpdate(doc));
  const rows = [
    forgeUpdate([{ client: own, clock: 2, structs: [{ text: "we pay", after: [own, 1] }] }]),
    // Begins earlier, so that merging would believe it and pass over the row before.
    forgeUpdate([mine({ text: "? nobody!", after: end })]),
  ].map((row) => {
    const verdict = inspectUpdate(row, doc, () => true);
    if (verdict.kind !== "adds") throw new Error(verdict.kind);
    Y.applyUpdate(doc, verdict.update);
    return verdict.update;
  });
  Y.applyUpdate(reader, Y.mergeUpdates(rows));
  expect(words()).toEqual(["Heading", "one: we pay!"]);
  expect(textsOf(reader).map((text) => text.toString())).toEqual(words());
});

test("a range of deletions that begins before the last one ended is refused: each would be walked through, time and again", () => {
  const { at, send, words } = room("one");
  const [client, clock] = at("one");
  expect(
    send(
      [],
      [
        [
          client,
          [
            [clock, 2],
            [clock + 1, 1],
          ],
        ],
      ],
    ),
  ).toBe("malformed");
  expect(
    send(
      [],
      [
        [client, [[clock, 1]]],
        [client, [[clock, 1]]],
      ],
    ),
  ).toBe("malformed");
  expect(words()).toEqual(["Heading", "one"]);
  expect(
    send(
      [],
      [
        [
          client,
          [
            [clock, 1],
            [clock + 2, 1],
          ],
        ],
      ],
    ),
  ).toBe("adds");
  expect(words()).toEqual(["Heading", "n"]);
});

test("what no draft holds is refused before it is made, also where updates are merged: a document costs five bytes to say", () => {
  const { at, give } = room("one");
  for (const content of [{ embed: "x" }, { mark: "bold" }, { document: "x" }])
    expect(give(forgeUpdate([mine({ ...content, after: at("one") })]))).toBe("content-type");
  expect(
    give(forgeUpdate([{ client: own, clock: 0, structs: [{ skipped: 1 }, { text: "a", after: at("one") }] }])),
  ).toBe("gap");
  // The second one is cut off in its middle: nobody got as far as that.
  const two = forgeUpdate([mine({ document: "x", after: at("one") }, { document: "x", after: at("one") })]);
  const cut = two.subarray(0, two.length - 4);
  expect(give(cut)).toBe("content-type");
  expect(() => mergeRun([forgeUpdate([mine({ text: "a", after: at("one") })]), cut])).toThrow("content-type");
});

test("neighbours that are far apart or the wrong way round are refused where they would keep the server busy", () => {
  const { at, give, words } = room("one", "two");
  const count = 6_000;
  const left = Array.from(
    { length: count },
    (_, index): Forged => ({ text: "x", before: index > 0 ? [own, index - 1] : at("one") }),
  );
  const right = Array.from(
    { length: count },
    (_, index): Forged => ({ text: "y", after: at("one"), before: [own, index] }),
  );
  expect(give(forgeUpdate([mine(...left, ...right)]))).toBe("too-many-parts");
  // Yjs would need seconds, and four times that for twice as many.
  expect(words()).toEqual(["Heading", "one", "two"]);
  expect(give(forgeUpdate([mine(...left)]))).toBe("adds");
  expect(words()[1]).toBe(`${"x".repeat(count)}one`);
});

test("letters typed one before the other, or after others' where those wrote too, are no burden", () => {
  const { at, doc, give } = room("one");
  const offline = new Y.Doc({ gc: false });
  Y.applyUpdate(offline, Y.encodeStateAsUpdate(doc));
  const others = Array.from(
    { length: 300 },
    (_, index): Forged => ({
      text: "o",
      after: at("one", 2),
      ...(index > 0 ? { before: [own, index - 1] as const } : {}),
    }),
  );
  expect(give(forgeUpdate([mine(...others)]))).toBe("adds");
  offline.clientID = own + 1;
  const text = textsOf(offline)[1];
  for (let typed = 0; typed < 1_000; typed += 1) text?.insert(typed % 2 === 0 ? 3 : (text?.length ?? 0), "w");
  expect(give(Y.encodeStateAsUpdate(offline, Y.encodeStateVector(doc)))).toBe("adds");
});

test("a circle of parts and a tower of elements are refused, however many take part", () => {
  const { at, send } = room("one");
  const clients = Array.from({ length: 3_000 }, (_, index) => 9_000 - index);
  const ring = (last: At) =>
    clients.map((client, index) => ({
      client,
      clock: 0,
      structs: [{ text: "r", after: index + 1 < clients.length ? ([client - 1, 0] as const) : last }],
    }));
  expect(send(ring([9_000, 0]))).toBe("unknown-origin");
  const tower = clients.map((client, index) => ({
    client,
    clock: 0,
    structs: [{ element: "clause", in: index + 1 < clients.length ? ([client - 1, 0] as const) : "charter" }],
  }));
  expect(send(tower)).toBe("unknown-node");
  expect(send([mine({ text: "a", after: [own, 5] })])).toBe("unknown-origin");
  expect(
    send([
      { client: 90, clock: 0, structs: [{ text: "a", after: [80, 0] }] },
      {
        client: 80,
        clock: 0,
        structs: [
          { text: "b", after: [80, 5] },
          ...Array.from({ length: 5 }, (_, index): Forged => ({ text: "c", after: [80, index] })),
        ],
      },
    ]),
  ).toBe("unknown-origin");
  expect(send(ring(at("one")))).toBe("adds");
});

test("a stretch that only says that it is dead fills no room, however long it says it is", () => {
  const { doc, send, at } = room("one");
  expect(send([mine({ collected: 2 ** 30 })])).toBe("adds");
  expect(send([{ client: own + 1, clock: 0, structs: [{ deleted: 2 ** 30, after: at("one") }] }])).toBe("adds");
  expect(2 ** 30).toBeGreaterThan(insertionsMax);
  const size = new TextSize({ doc }, { bytesOf: () => 0, add: () => {} }, 1_000);
  const author = { origin: { userId: null, organizationId: "evil", via: "socket" as const }, holds: () => true };
  expect(size.refusalOf(new Uint8Array(10).fill(1), author)).toBeUndefined();
});

test("a value under a key that no element has is refused even where it is said to be deleted already", () => {
  const { doc, send } = room("one");
  const clauseItem = doc.getXmlFragment("charter").toArray()[1]?._item;
  if (!clauseItem) throw new Error("There is no clause.");
  const holder: At = [clauseItem.id.client, clauseItem.id.clock];
  expect(send([mine({ deleted: 1, in: holder, key: "__proto__" })])).toBe("unknown-attribute");
  expect(send([mine({ deleted: 1, in: holder, key: "level" })])).toBe("adds");
});
