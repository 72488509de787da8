import { expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { messageAck } from "#lib/protocol/messages.ts";
import type { Work } from "#server/realtime/work-budget.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "#tests/fuzz/memory-room.ts";
import { typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** What is acknowledged in what was written to a socket at once: frames that follow one another. */
function acksIn(bytes: Uint8Array): number[] {
  const acks: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1] ?? 0;
    const head = short < 126 ? 2 : 4;
    const length = short < 126 ? short : (bytes[at + 2] ?? 0) * 256 + (bytes[at + 3] ?? 0);
    const message = bytes.subarray(at + head, at + head + length);
    const [kind, low = 0, high = 0] = message;
    if (kind === messageAck) acks.push(low < 128 ? low : low - 128 + high * 128);
    at += head + length;
  }
  return acks;
}

/** A budget that owes when the test says so. */
function handBudget() {
  let waiting: (() => void)[] = [];
  const charged: number[] = [];
  const budget: { -readonly [key in keyof Work]: Work[key] } = {
    isOwing: false,
    owedMs: () => (budget.isOwing ? 5 : 0),
    charge: (ms: number): void => void charged.push(ms),
    afterPaid: (run: () => void) => void waiting.push(run),
  };
  const pay = () => {
    budget.isOwing = false;
    const runs = waiting;
    waiting = [];
    for (const run of runs) run();
  };
  return { budget, pay, charged };
}

async function writerWith(work: Work) {
  const seed = seedUpdate(charter("T", clause("a", "A", ["one"])), 1);
  const store = new ListStore();
  const room = openMemoryRoom(seed, store);
  const socket = new FakeSocket();
  connectIn(room, socket, 11, { work });
  const say = (frame: Uint8Array) => socket.emit("message", Buffer.from(frame), true);
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 11;
  Y.applyUpdate(doc, seed);
  const type = (words: string) => {
    const before = Y.encodeStateVector(doc);
    typeIn(doc, words);
    say(encodeUpdate(Y.encodeStateAsUpdate(doc, before)));
  };
  say(encodeStep1(new Uint8Array([0])));
  say(encodeStep2(new Uint8Array([0, 0])));
  type(" begun");
  await until(() => store.rows.length === 2);
  const acknowledged = () => Math.max(0, ...socket.written.flatMap(acksIn));
  const text = () => room.doc.getXmlFragment("charter").toString();
  return { socket, say, type, store, acknowledged, text };
}

test("while their person owes, frames wait in the order in which they came; once it is paid each is taken and acknowledged", async () => {
  const { budget, pay, charged } = handBudget();
  const { socket, type, store, acknowledged, text } = await writerWith(budget);
  expect(charged.length).toBeGreaterThan(0);
  budget.isOwing = true;
  for (const word of [" first", " second", " third"]) {
    type(word);
    await turn();
  }
  for (let left = 0; left < 10; left += 1) await turn();
  expect(store.rows).toHaveLength(2);
  expect(acknowledged()).toBe(2);
  // Somebody else's word may be between: it is paid for a moment only.
  pay();
  budget.isOwing = true;
  for (let left = 0; left < 10; left += 1) await turn();
  expect(store.rows).toHaveLength(2);
  pay();
  await until(() => acknowledged() === 5);
  expect(text()).toContain("one begun first second third");
  expect(socket.closed).toBeUndefined();
});

test("what was read in the same turn as the frame that cost too much waits too, and is not lost", async () => {
  const { budget, pay } = handBudget();
  const { type, store, acknowledged, text } = await writerWith(budget);
  budget.charge = () => {
    budget.isOwing = true;
  };
  const before = store.rows.length;
  for (let word = 0; word < 200; word += 1) type(` w${word}`);
  // They are taken in runs of 64, of which the first costs too much.
  for (let left = 0; left < 10; left += 1) await turn();
  expect(store.rows.length).toBeLessThan(before + 200);
  expect(text()).not.toContain("w199");
  while (acknowledged() !== 202) {
    pay();
    await turn();
  }
  expect(text()).toContain(Array.from({ length: 200 }, (_, word) => ` w${word}`).join(""));
});
