import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Awareness, applyAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { decodePresence, parseFrame } from "#lib/protocol/frames.ts";
import { presenceRoomBytesPerSecond } from "#lib/protocol/limits.ts";
import { Presence } from "#server/realtime/presence.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A room of people, each with what the server told them; people count from 0, and so do their clientIDs from 1,000,000. */
function openRoom(people: number) {
  const watchers = Array.from({ length: people }, (_, at) => {
    const heard: Uint8Array[] = [];
    return { clientId: 1_000_000 + at, heard, sendPresence: (frame: Uint8Array) => heard.push(frame) };
  });
  const presence = new Presence(() => watchers);
  const user = (at: number) =>
    ({
      id: `user-${at}`,
      name: `Person ${at}`,
      organizationId: `organization-${at}`,
      organization: `Organization ${at}`,
      color: "#1d4ed8",
      mode: "write",
    }) as const;
  const move = (at: number, clock: number) => {
    const item = { client: 1_000_000 + at, clock };
    presence.set(1_000_000 + at, user(at), { cursor: { anchor: { item }, head: { item } } });
  };
  return { presence, watchers, move };
}

/** The awareness update in a frame. */
function updateIn(frame: Uint8Array): Uint8Array {
  const parsed = parseFrame(frame);
  if (parsed?.kind !== "awareness") throw new Error("This is no awareness.");
  return parsed.states;
}

function statesIn(frame: Uint8Array | undefined): number[] {
  return frame ? decodePresence(updateIn(frame), 1_000).map(({ clientId }) => clientId) : [];
}

test("what many do within a tenth of a second is told in one frame, and nobody hears of themselves", async () => {
  const { watchers, move } = openRoom(12);
  for (let round = 0; round < 5; round += 1) for (const at of [0, 1, 2]) move(at, round);
  await vi.advanceTimersByTimeAsync(100);
  expect(watchers.map((one) => one.heard.length)).toEqual(Array(12).fill(1));
  expect(watchers.map((one) => statesIn(one.heard[0]).map((id) => id - 1_000_000))).toEqual([
    [1, 2],
    [0, 2],
    [0, 1],
    ...Array(9).fill([0, 1, 2]),
  ]);
});

test("somebody who moves all the time is told of ten times a second", async () => {
  const { watchers, move } = openRoom(3);
  for (let step = 0; step < 200; step += 1) {
    move(0, step);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(watchers[0]?.heard).toHaveLength(0);
  expect(watchers[1]?.heard.length).toBeGreaterThan(15);
  expect(watchers[1]?.heard.length).toBeLessThanOrEqual(20);
});

test("a hundred people who all move cost the room no more than it may say, and each still hears of all others", async () => {
  const { watchers, move } = openRoom(100);
  const seconds = 10;
  for (let step = 0; step < seconds * 20; step += 1) {
    for (let at = 0; at < 100; at += 1) move(at, step);
    await vi.advanceTimersByTimeAsync(50);
  }
  const bytes = watchers.flatMap((one) => one.heard).reduce((sum, frame) => sum + frame.length, 0);
  // One flush over, which is what the next one waits for.
  expect(bytes).toBeLessThan(presenceRoomBytesPerSecond * (seconds + 2));
  expect(statesIn(watchers[7]?.heard.at(-1))).toHaveLength(99);
});

test("of two thousand who come in at once the room says no more than it may, and who enters hears of 200", async () => {
  const { presence, watchers, move } = openRoom(2_000);
  for (let at = 0; at < 2_000; at += 1) move(at, 1);
  const seconds = 10;
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  const bytes = watchers.flatMap((one) => one.heard).reduce((sum, frame) => sum + frame.length, 0);
  expect(bytes).toBeLessThan(presenceRoomBytesPerSecond * (seconds + 2));
  expect(statesIn(presence.frameFor({ clientId: 1_000_007, sendPresence: () => {} }))).toHaveLength(200);
  presence.stop();
});

test("a state that says nothing new is kept to itself, but repeated before the stock client takes its owner for gone", async () => {
  const { watchers, move } = openRoom(2);
  for (let second = 0; second < 60; second += 1) {
    move(0, 1);
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(watchers[1]?.heard).toHaveLength(6);
});

test("the stock client reads what is told: who is there, who moved, who left", async () => {
  const { presence, watchers, move } = openRoom(3);
  const awareness = new Awareness(new Y.Doc());
  const take = () => {
    for (const frame of watchers[2]?.heard.splice(0) ?? []) applyAwarenessUpdate(awareness, updateIn(frame), "server");
    return [...awareness.getStates().keys()].filter((id) => id !== awareness.clientID);
  };
  move(0, 1);
  move(1, 1);
  await vi.advanceTimersByTimeAsync(100);
  expect(take()).toEqual([1_000_000, 1_000_001]);
  expect(awareness.getStates().get(1_000_000)).toMatchObject({ user: { name: "Person 0" } });
  presence.remove(1_000_000);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(take()).toEqual([1_000_001]);
  expect(presence.frameFor({ clientId: 1_000_001, sendPresence: () => {} })).toBeUndefined();
  presence.stop();
  awareness.destroy();
});
