import { expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { encodePresence, encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { presencePerSecondMax } from "#lib/protocol/limits.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "#tests/fuzz/memory-room.ts";
import { typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));
const seed = seedUpdate(charter("T", clause("a", "A", ["one"])), 1);

/** Somebody with nothing yet who comes into a room that a snapshot holds whole. */
async function enterUnread() {
  const store = new ListStore();
  const room = openMemoryRoom(seed, store, true);
  const socket = new FakeSocket();
  connectIn(room, socket, 11);
  const say = async (frame: Uint8Array) => {
    socket.emit("message", Buffer.from(frame), true);
    for (let left = 0; left < 6; left += 1) await turn();
  };
  await say(encodeStep1(new Uint8Array([0])));
  await say(encodeStep2(new Uint8Array([0, 0])));
  return { room, socket, say, store };
}

const place = { type: null, tname: null, item: { client: 1, clock: 1 }, assoc: 0 };

test("whoever only reads costs no reading of a long text; the first letter does not wait for it, since the cursor comes before", async () => {
  const { room, socket, say } = await enterUnread();
  expect(socket.written.some((bytes) => Buffer.from(bytes).includes(Buffer.from(seed)))).toBe(true);
  await say(encodePresence([{ clientId: 11, clock: 1, json: JSON.stringify({ cursor: null }) }]));
  expect(room.isUnread).toBe(true);
  await say(
    encodePresence([{ clientId: 11, clock: 2, json: JSON.stringify({ cursor: { anchor: place, head: place } }) }]),
  );
  expect(room.isUnread).toBe(false);
  expect(socket.closed).toBeUndefined();
});

test("an edit of a text that nobody had to read is judged against the whole text and stored", async () => {
  const { room, socket, say, store } = await enterUnread();
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 11;
  Y.applyUpdate(doc, seed);
  const before = Y.encodeStateVector(doc);
  typeIn(doc, " two");
  const rows = store.rows.length;
  await say(encodeUpdate(Y.encodeStateAsUpdate(doc, before)));
  expect(socket.closed).toBeUndefined();
  expect(store.rows.length).toBe(rows + 1);
  expect(Y.encodeStateAsUpdate(room.doc)).toEqual(Y.encodeStateAsUpdate(doc));
});

test("a stored text that Yjs can not read ends its room, and not the server, though a place said too often is what finds it", async () => {
  const store = new ListStore();
  const room = openMemoryRoom(new Uint8Array([1, 2, 3]), store, true);
  const socket = new FakeSocket();
  connectIn(room, socket, 11);
  const say = (said: object) =>
    socket.emit("message", Buffer.from(encodePresence([{ clientId: 11, clock: 1, json: JSON.stringify(said) }])), true);
  for (let times = 0; times < presencePerSecondMax; times += 1) say({ cursor: null });
  say({ cursor: { anchor: place, head: place } });
  await turn();
  expect(room.mode).toBe("open");
  // What is thrown when its turn comes, nobody above would catch: it would fail this test's run.
  await until(() => room.mode === "discarded");
  expect(socket.closed).toEqual({ code: 4511, reason: "reloaded" });
});

test("a stored text that Yjs can not read is not called a fault of whoever asks for it", async () => {
  const room = openMemoryRoom(new Uint8Array([1, 2, 3]), new ListStore(), true);
  const socket = new FakeSocket();
  const [errors, refused]: [unknown[], string[]] = [[], []];
  connectIn(room, socket, 11, { onError: (error) => errors.push(error), onRefused: (why) => refused.push(why) });
  socket.emit("message", Buffer.from(encodeStep1(new Uint8Array([1, 1, 1]))), true);
  await until(() => room.mode === "discarded");
  await turn();
  expect(socket.closed).toEqual({ code: 4511, reason: "reloaded" });
  expect(errors).toHaveLength(1);
  expect(refused).toEqual([]);
});
