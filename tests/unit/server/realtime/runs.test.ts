import fc from "fast-check";
import { expect, test } from "vitest";
import * as Y from "yjs";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { encodeAck, encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import type { ConnectionHooks } from "#server/realtime/connection.ts";
import { frameOf } from "#server/realtime/outlet.ts";
import { mergeBatch, mergeRun } from "#server/realtime/runs.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "#tests/fuzz/memory-room.ts";
import { paragraphText, typeIn } from "#tests/support/room-client.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Somebody in step in a room of one clause, and what they type as single updates. */
async function writer(hooks: Partial<ConnectionHooks> = {}) {
  const seed = seedUpdate(charter("T", clause("a", "A", ["one"])), 1);
  const store = new ListStore();
  const room = openMemoryRoom(seed, store);
  const socket = new FakeSocket();
  connectIn(room, socket, 11, hooks);
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, seed);
  const typed = (words: string, clientId = 11) => {
    doc.clientID = clientId;
    const before = Y.encodeStateVector(doc);
    typeIn(doc, words);
    return Y.encodeStateAsUpdate(doc, before);
  };
  const send = (...updates: Uint8Array[]) => {
    for (const update of updates) socket.emit("message", Buffer.from(encodeUpdate(update)), true);
  };
  const settle = async () => {
    for (let left = 0; left < 8; left += 1) await turn();
    await room.settle();
    await turn();
  };
  socket.emit("message", Buffer.from(encodeStep1(new Uint8Array([0]))), true);
  socket.emit("message", Buffer.from(encodeStep2(new Uint8Array([0, 0]))), true);
  await settle();
  const stored = () => {
    const read = new Y.Doc();
    for (const row of store.rows) Y.applyUpdate(read, row);
    return charterTextOf(read).clauses[0]?.body[0]?.text;
  };
  const isAcknowledged = (count: number) =>
    socket.written.some((bytes) => Buffer.from(bytes).includes(Buffer.from(frameOf(encodeAck(count)))));
  return { room, doc, socket, store, typed, send, settle, stored, isAcknowledged };
}

test("updates that arrive together are one row of the log, and each of them is acknowledged", async () => {
  const { store, typed, send, settle, stored, isAcknowledged } = await writer();
  send(typed(" t"), typed("w"), typed("o"));
  await settle();
  expect(stored()).toBe("one two");
  expect(store.rows.length).toBe(2);
  // The answer to the server's step 1 is the first message.
  expect(isAcknowledged(4)).toBe(true);
});

test("of updates that arrive together those before a gap are kept, and the gap is refused as one", async () => {
  const refused: string[] = [];
  const { socket, typed, send, settle, stored } = await writer({ onRefused: (detail) => refused.push(detail) });
  const [first, second, , fourth] = [typed(" two"), typed(" three"), typed(" lost"), typed(" four")];
  send(first, second, fourth, typed(" five", 12));
  await settle();
  expect(stored()).toBe("one two three");
  expect(refused).toEqual(["gap"]);
  expect(socket.closed?.code).toBe(4412);
});

test("bytes that are no update spoil nothing that arrived with them before", async () => {
  const { socket, typed, send, settle, stored } = await writer();
  send(typed(" two"), typed(" three"), Uint8Array.of(1, 1, 11, 7, 255));
  await settle();
  expect(stored()).toBe("one two three");
  expect(socket.closed?.code).toBe(4400);
});

test("words under a clientID that is leased in the middle of a run stay in order", async () => {
  const asked: number[] = [];
  const { typed, send, settle, stored, isAcknowledged } = await writer({
    lease: async (clientId) => {
      asked.push(clientId);
      await turn();
      return "yours";
    },
  });
  send(typed(" two"), typed(" three", 77), typed(" four", 78), typed(" five"));
  send(typed(" six", 77));
  await settle();
  expect(stored()).toBe("one two three four five six");
  expect(asked).toEqual([77, 78]);
  expect(isAcknowledged(6)).toBe(true);
});

test("in a run longer than is merged at once, words that wait for a lease keep their place", async () => {
  const { typed, send, settle, stored, isAcknowledged } = await writer({
    lease: async () => {
      await turn();
      return "yours";
    },
  });
  const words = Array.from({ length: 150 }, (_, at) => ` w${at}`);
  send(...words.map((word, at) => typed(word, at === 40 ? 77 : 11)));
  await settle();
  expect(stored()).toBe(`one${words.join("")}`);
  expect(isAcknowledged(151)).toBe(true);
});

test("a crowd that lacks the same is answered with the same bytes, until something is written", async () => {
  const { room, doc, typed, send, settle } = await writer();
  send(typed(` ${"long ".repeat(2_000)}`));
  await settle();
  const first = room.answerTo(new Uint8Array([0]));
  expect(room.answerTo(new Uint8Array([0]))).toBe(first);
  send(typed("enough"));
  await settle();
  const second = room.answerTo(new Uint8Array([0]));
  expect(Buffer.from(second).includes("enough")).toBe(true);
  expect(room.answerTo(Y.encodeStateVector(doc)).length).toBeLessThan(100);
});

test("a run leaves a text as its updates would have, letter for letter and id for id, whatever is typed and wherever", () => {
  const seed = seedUpdate(charter("T", clause("a", "A", ["one two"])), 1);
  const pieces = fc.array(fc.record({ words: fc.string({ minLength: 1, unit: "grapheme" }), jump: fc.nat(12) }), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(pieces, fc.boolean(), (typed, jumps) => {
      const doc = new Y.Doc({ gc: false });
      Y.applyUpdate(doc, seed);
      doc.clientID = 11;
      const text = paragraphText(doc);
      let at = 3;
      const updates = typed.map(({ words, jump }) => {
        const before = Y.encodeStateVector(doc);
        if (jumps && jump < 6) at = Math.min(jump, text.length);
        text.insert(at, words);
        at += words.length;
        if (jumps && jump === 12) text.delete(0, 1);
        return Y.encodeStateAsUpdate(doc, before);
      });
      const after = (all: Uint8Array[]) => {
        const copy = new Y.Doc({ gc: false });
        for (const update of [seed, ...all]) Y.applyUpdate(copy, update);
        return copy;
      };
      const [once, oneByOne] = [after([mergeRun(updates)]), after(updates)];
      expect(charterTextOf(once)).toEqual(charterTextOf(oneByOne));
      expect(Y.equalSnapshots(Y.snapshot(once), Y.snapshot(oneByOne))).toBe(true);
      // A pair of surrogates whose halves were deleted one after the other is kept, deleted, as two U+FFFD by Yjs, and as itself in a run.
      const hasPairs = typed.some(({ words }) => /[\ud800-\udfff]/.test(words));
      if (!hasPairs) expect(Y.encodeStateAsUpdate(once)).toEqual(Y.encodeStateAsUpdate(oneByOne));
      if (!jumps) expect(Y.decodeUpdate(mergeRun(updates)).structs).toHaveLength(1);
    }),
  );
});

test("what several people wrote at once reaches everybody as Yjs would have merged it, byte for byte", () => {
  const seed = seedUpdate(charter("T", clause("a", "A", ["one two"])), 1);
  const people = fc.array(
    fc.record({
      client: fc.integer({ min: 2, max: 2 ** 32 - 1 }),
      words: fc.string({ unit: "grapheme" }),
      deletes: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  );
  fc.assert(
    fc.property(people, (written) => {
      const updates = written.map(({ client, words, deletes }) => {
        const doc = new Y.Doc({ gc: false });
        Y.applyUpdate(doc, seed);
        doc.clientID = client;
        const before = Y.encodeStateVector(doc);
        const text = paragraphText(doc);
        text.insert(3, `${words}.`);
        if (deletes) text.delete(0, 1);
        return Y.encodeStateAsUpdate(doc, before);
      });
      expect(Buffer.from(mergeBatch(updates))).toEqual(Buffer.from(Y.mergeUpdates(updates)));
    }),
  );
});
