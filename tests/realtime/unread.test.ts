import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { checkRoomLog } from "#lib/data/room-check.ts";
import { loadRoomState } from "#lib/data/room-log.ts";
import { ownWords } from "#lib/editor/late-text.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { encodeStep1, parseFrame } from "#lib/protocol/frames.ts";
import { RoomStore } from "#server/realtime/store.ts";
import { paragraphText, socketOf } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
});

const isSaved = (tab: Tab) => tab.provider.state.kind === "saved";

/** A room as a start of the server finds it after a pause: a snapshot holds all of it. `while` is what happens in it before. */
async function unreadRoom(before: (roomId: string) => Promise<void> = async () => {}): Promise<string> {
  const roomId = await stage.room(clause("a", "Report", ["We report."]), clause("b", "Patch", ["We patch."]));
  await before(roomId);
  const state = await loadRoomState(stage.pool, roomId);
  const store = new RoomStore(stage.pool, { onOutage: () => {}, onBadSnapshot: () => {} });
  await store.insertSnapshot(roomId, state, state.state);
  await stage.restart();
  return roomId;
}

test("who opens a text after a start has it whole before it is called in step, is asked for their own words first, and the next one sees what they type", async () => {
  const roomId = await unreadRoom();
  const bare = stage.socket(roomId, stage.person("Reader", "read"));
  await bare.opened;
  bare.send(encodeStep1(new Uint8Array([0])));
  const frames = () => bare.frames.map(parseFrame).flatMap((frame) => frame ?? []);
  await until(() => frames().some((frame) => frame.kind === "update"));
  const sync = frames().filter((frame) => frame.kind === "step1" || frame.kind === "update");
  expect(sync.map((frame) => frame.kind)).toEqual(["step1", "update"]);
  const [asked, answered] = sync;
  expect(asked).toEqual({ kind: "step1", vector: new Uint8Array([0]) });
  const got = new Y.Doc();
  if (answered?.kind === "update") Y.applyUpdate(got, answered.update);
  expect(paragraphText(got, 1).toString()).toBe("We patch.");
  const [alice, bob] = [stage.tab(roomId, stage.person("Alice")), stage.tab(roomId, stage.person("Bob"))];
  await until(() => isSaved(alice) && isSaved(bob));
  alice.type(" Always.");
  bob.type(" Soon.", 1);
  await until(() => isSaved(alice) && isSaved(bob));
  await until(() => JSON.stringify(alice.text()) === JSON.stringify(bob.text()));
  expect(alice.text()).toEqual(await storedText(stage.pool, roomId));
  expect(JSON.stringify(alice.text())).toContain("We report. Always.");
  const late = stage.tab(roomId, stage.person("Carol"));
  await until(() => isSaved(late));
  expect(late.text()).toEqual(alice.text());
  expect(await checkRoomLog(stage.pool, roomId)).toBeGreaterThan(2);
});

test("who comes back to a text that nobody opened since a start gives their offline words before others' deletions reach them", async () => {
  const person = stage.person("Bob");
  const tabs: Tab[] = [];
  const roomId = await unreadRoom(async (room) => {
    const [alice, bob] = [stage.tab(room, stage.person("Alice")), stage.tab(room, person)];
    await until(() => isSaved(alice) && isSaved(bob));
    bob.provider.provider.disconnect();
    bob.type(" Do not lose me.", 1);
    bob.type(" Nor me.");
    alice.doc.getXmlFragment(charterRoot).delete(2, 1);
    await until(() => isSaved(alice));
    alice.leave();
    tabs.push(bob);
  });
  const [bob] = tabs;
  if (!bob) throw new Error("Bob is gone.");
  const reader = stage.tab(roomId, stage.person("Reader", "read"));
  await until(() => JSON.stringify(reader.text()).includes("We report."));
  bob.provider.provider.connect();
  await until(() => bob.events.some((event) => event.event === "late-text"));
  await until(() => isSaved(bob));
  expect(bob.events.find((event) => event.event === "late-text")).toMatchObject({
    texts: [{ text: " Do not lose me." }],
  });
  await until(() => JSON.stringify(reader.text()).includes("We report. Nor me."));
  expect(reader.text()).toEqual(await storedText(stage.pool, roomId));
});

test("what a slow device brings in late is never taken for words of the person who waits for it", async () => {
  const tabs: Tab[] = [];
  let kept: Uint8Array = new Uint8Array();
  const roomId = await unreadRoom(async (room) => {
    const bob = stage.tab(room, stage.person("Bob"));
    await until(() => isSaved(bob));
    bob.type(" Bob one.");
    await until(() => isSaved(bob));
    bob.provider.provider.disconnect();
    kept = Y.encodeStateAsUpdate(bob.doc);
    tabs.push(bob);
  });
  const [bob] = tabs;
  if (!bob) throw new Error("Bob is gone.");
  const doc = new Y.Doc({ gc: false });
  let isLate = true;
  class Slow extends socketOf(stage.person("Alice").userId) {
    override send(data: Parameters<WebSocket["send"]>[0]): void {
      super.send(data);
      // The first question has left an empty document; now the device answers.
      if (isLate) Y.applyUpdate(doc, kept, "kept on the device");
      isLate = false;
    }
  }
  const alice = new AcknowledgingProvider({ url: stage.url, roomId, doc, socket: Slow, newClientId: () => 77 });
  await until(() => alice.state.kind === "saved");
  bob.provider.provider.connect();
  await until(() => isSaved(bob));
  bob.type(" Bob two.");
  await until(() => paragraphText(doc).toString().includes("Bob two."));
  expect(ownWords(doc, alice.unsaved())).toEqual([]);
  paragraphText(doc).insert(0, "Alice. ");
  expect(JSON.stringify(ownWords(doc, alice.unsaved()))).toContain("Alice. ");
  await until(() => alice.state.kind === "saved");
  expect(ownWords(doc, alice.unsaved())).toEqual([]);
  alice.destroy();
});

test("a snapshot that is as it was written and yet no text is left aside: whoever types comes back to the whole log", async () => {
  const roomId = await stage.room(clause("a", "Report", ["We report."]));
  const { seq, chain } = await loadRoomState(stage.pool, roomId);
  const store = new RoomStore(stage.pool, { onOutage: () => {}, onBadSnapshot: () => {} });
  await store.insertSnapshot(roomId, { seq, chain }, new Uint8Array([1, 200, 3]));
  await stage.restart();
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(
    doc,
    (await stage.pool.query("SELECT payload FROM room_update WHERE room_id = $1", [roomId])).rows[0].payload,
  );
  const alice = stage.tab(roomId, stage.person("Alice"), { doc });
  alice.type(" Always.");
  await until(() => isSaved(alice));
  expect(JSON.stringify(await storedText(stage.pool, roomId))).toContain("We report. Always.");
  expect(stage.logs.some((line) => line.includes("a snapshot of a room is damaged"))).toBe(true);
});
