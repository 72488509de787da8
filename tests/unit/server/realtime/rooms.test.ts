import { queryObjects } from "node:v8";
import { expect, test } from "vitest";
import { Room } from "#server/realtime/room.ts";
import { Rooms } from "#server/realtime/rooms.ts";
import { ListStore, rowOf } from "#tests/fuzz/memory-room.ts";
import { until } from "#tests/support/until.ts";

const idleMs = 100;

/** Rooms without a text, which are unloaded once `unload` is called. */
function emptyRooms() {
  const store = new (class extends ListStore {
    override findRoom = async (id: string) => rowOf(id);
    override readLog = async (id: string) => ({
      snapshot: undefined,
      updates: [],
      seq: 0,
      chain: rowOf(id).lastChain,
      isDamaged: false,
      badSnapshots: [],
    });
  })();
  const waiting: (() => void)[] = [];
  const moments = {
    onLoad: () => {},
    beforeUnload: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
  const rooms = new Rooms(store, store, { onCommit: () => {} }, moments);
  return { rooms, waiting };
}

test("a room that ends while another is unloaded is forgotten: a server that runs for months does not fill its memory with texts that nobody reads", async () => {
  const { rooms, waiting } = emptyRooms();
  await rooms.open("slow");
  let ended: Room | undefined = await rooms.open("ended");
  const now = performance.now();
  await rooms.sweep(now, idleMs);
  const sweep = rooms.sweep(now + 2 * idleMs, idleMs);
  await until(() => waiting.length === 1, { what: "the slow room to be unloaded" });
  ended.discard({ kind: "reload" });
  ended = undefined;
  for (const go of waiting.splice(0)) go();
  await sweep;
  await until(() => rooms.size === 0);
  await until(() => queryObjects(Room) === 0);
  expect(queryObjects(Room)).toBe(0);
});

test("unloading that takes longer than the time between two sweeps is begun once, however often it is time", async () => {
  const { rooms, waiting } = emptyRooms();
  await rooms.open("slow");
  const now = performance.now();
  await rooms.sweep(now, idleMs);
  const sweeps = [2, 3, 4].map((more) => rooms.sweep(now + more * idleMs, idleMs));
  await until(() => waiting.length > 0);
  await Promise.all(sweeps.slice(1));
  expect(waiting).toHaveLength(1);
  waiting[0]?.();
  await sweeps[0];
  await until(() => rooms.size === 0);
});
