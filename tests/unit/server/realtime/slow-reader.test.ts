import { expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import type { Connection } from "#server/realtime/connection.ts";
import { usualLimits } from "#server/realtime/limits.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "#tests/fuzz/memory-room.ts";
import { typeIn } from "#tests/support/room-client.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const mebibyte = 1024 * 1024;
const turn = () => new Promise((resolve) => setImmediate(resolve));
const empty = new Uint8Array([0, 0]);

/** A writer and a reader in one room, both in step. */
async function twoPeople() {
  const seed = seedUpdate(charter("T", clause("a", "A", ["one"])), 1);
  const room = openMemoryRoom(seed, new ListStore());
  const [writer, reader] = [new FakeSocket(), new FakeSocket()];
  const limits = { ...usualLimits, laggingMsMax: 30_000 };
  connectIn(room, writer, 11, { limits });
  const connection = connectIn(room, reader, 12, { limits });
  for (const socket of [writer, reader]) {
    socket.emit("message", Buffer.from(encodeStep1(new Uint8Array([0]))), true);
    socket.emit("message", Buffer.from(encodeStep2(empty)), true);
  }
  const doc = new Y.Doc({ gc: false });
  doc.clientID = 11;
  Y.applyUpdate(doc, seed);
  const type = async (words: string) => {
    const before = Y.encodeStateVector(doc);
    typeIn(doc, words);
    writer.emit("message", Buffer.from(encodeUpdate(Y.encodeStateAsUpdate(doc, before))), true);
    for (let left = 0; left < 6; left += 1) await turn();
  };
  await type(" in step");
  const hears = (words: string) => reader.written.some((bytes) => Buffer.from(bytes).includes(words));
  expect(hears(" in step")).toBe(true);
  return { reader, connection, type, hears };
}

async function tick(connection: Connection, afterMs = 0): Promise<void> {
  connection.tick(performance.now() + afterMs);
  for (let left = 0; left < 4; left += 1) await turn();
}

test("above 1 MiB unread a reader gets nothing more; once it has read, the whole state and then every edit again", async () => {
  const { reader, connection, type, hears } = await twoPeople();
  reader.bufferedAmount = mebibyte + 1;
  await type(" while away");
  await tick(connection);
  expect(hears(" while away")).toBe(false);
  reader.bufferedAmount = 0;
  await tick(connection);
  expect(hears(" while away")).toBe(true);
  await type(" afterwards");
  expect(hears(" afterwards")).toBe(true);
  expect(reader.closed).toBeUndefined();
});

test("a reader with more than 8 MiB unread is closed with 1013", async () => {
  const { reader, connection, type } = await twoPeople();
  reader.bufferedAmount = 8 * mebibyte + 1;
  await type(" more");
  await tick(connection);
  expect(reader.closed).toEqual({ code: 1013, reason: "too-slow" });
});

test("whoever makes the server say more than 8 MiB that is not of the text, and reads nothing, is closed with 1013 too", async () => {
  const { reader, connection } = await twoPeople();
  reader.bufferedAmount = 8 * mebibyte + 1;
  await tick(connection);
  expect(reader.closed).toEqual({ code: 1013, reason: "too-slow" });
});

test("whoever does not read and asks who is there over and over is told once, and nothing on top of 1 MiB", async () => {
  const { reader } = await twoPeople();
  const told = () => reader.written.filter((bytes) => Buffer.from(bytes).includes("Mallory")).length;
  const ask = async () => {
    for (let time = 0; time < 20; time += 1) reader.emit("message", Buffer.from([3]), true);
    for (let left = 0; left < 4; left += 1) await turn();
  };
  reader.bufferedAmount = mebibyte + 1;
  const before = told();
  await ask();
  expect(told()).toBe(before);
  reader.bufferedAmount = 0;
  await ask();
  expect(told()).toBe(before + 1);
});

test("a reader that has read nothing for 30 s is closed with 1013, and not before", async () => {
  const { reader, connection, type } = await twoPeople();
  reader.bufferedAmount = 2 * mebibyte;
  await type(" more");
  await tick(connection, 10_000);
  expect(reader.closed).toBeUndefined();
  await tick(connection, 30_100);
  expect(reader.closed).toEqual({ code: 1013, reason: "too-slow" });
});

test("a reader that lags for minutes and reads all the while is waited for, and gets the whole state; once it stops it is closed", async () => {
  const { reader, connection, type, hears } = await twoPeople();
  reader.bufferedAmount = 6 * mebibyte;
  await type(" far behind");
  // 30 KB a second.
  for (let seconds = 10; reader.bufferedAmount > 0; seconds += 10) {
    reader.bufferedAmount = Math.max(0, reader.bufferedAmount - 300_000);
    if (reader.bufferedAmount > 0) expect(hears(" far behind")).toBe(false);
    // What may be left out is, and what keeps the line alive is not the matter here.
    reader.emit("pong");
    await tick(connection, seconds * 1_000);
    expect(reader.closed, `after ${seconds} s`).toBeUndefined();
    if (hears(" far behind")) break;
  }
  expect(hears(" far behind")).toBe(true);
  reader.bufferedAmount = 2 * mebibyte;
  await type(" once more");
  reader.emit("pong");
  await tick(connection, 30_100);
  expect(reader.closed).toEqual({ code: 1013, reason: "too-slow" });
});

test("whoever asks for the text again and again costs one more answer, with the next look at all connections", async () => {
  const { reader, connection, type, hears } = await twoPeople();
  const answers = () => reader.written.filter((bytes) => Buffer.from(bytes).includes(" in step")).length;
  const before = answers();
  for (let clock = 0; clock < 20; clock += 1)
    reader.emit("message", Buffer.from(encodeStep1(Uint8Array.of(1, 1, clock))), true);
  for (let left = 0; left < 6; left += 1) await turn();
  expect(answers()).toBe(before);
  await tick(connection);
  expect(answers()).toBe(before + 1);
  await type(" afterwards");
  expect(hears(" afterwards")).toBe(true);
  expect(reader.closed).toBeUndefined();
});
