import { once } from "node:events";
import { queryObjects } from "node:v8";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeStep1 } from "#lib/protocol/frames.ts";
import { messageEvent } from "#lib/protocol/messages.ts";
import { Room } from "#server/realtime/room.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { type BareSocket, openStage, rowCount, type Stage, storedText } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ limits: { tickMs: 100, roomIdleMs: 300 } });
});
afterAll(async () => {
  await stage.end();
});

const emptyVector = new Uint8Array([0]);

test("500 sockets that drop and come back at once all get the text, nothing is added, and others go on writing", async () => {
  const roomIds = await Promise.all(
    Array.from({ length: 20 }, () => stage.room(clause("a", "Report", ["We report."]))),
  );
  const otherId = await stage.room(clause("a", "Report", ["We report."]));
  const other = stage.tab(otherId, stage.person("Carol"));
  await until(() => other.provider.state.kind === "saved");
  const people = Array.from({ length: 20 }, (_, at) => stage.person(`Guest ${at}`));
  // Whoever the door has no time for is sent away after a while, and comes again, as browsers do.
  const comeIn = async (at: number): Promise<BareSocket> => {
    const person = people[at % 20] ?? stage.person("?");
    for (let attempt = 1; attempt <= 50; attempt += 1) {
      const socket = stage.socket(roomIds[at % 20] ?? "", person, { clientId: at + 1 });
      // In is who is greeted: in the instant in which a room is unloaded one is sent back to the door.
      const isGreeted = once(socket.socket, "message").then(
        () => socket.frames[0]?.[0] === messageEvent,
        () => false,
      );
      if (await Promise.race([isGreeted, socket.closed.then(() => false)])) return socket;
    }
    throw new Error("The door stayed shut fifty times.");
  };
  const storm = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => comeIn(at)));
  const hasText = (frames: readonly Uint8Array[]) => frames.some((frame) => frame[0] === 0 && frame[1] === 1);
  let sockets = await storm(100);
  for (let round = 0; round < 2; round += 1) {
    for (const socket of sockets) socket.send(encodeStep1(emptyVector));
    other.type(` round ${round}`);
    await until(() => sockets.every((socket) => hasText(socket.frames)), {
      what: "everyone to have the text",
      everyMs: 20,
    });
    await until(() => other.provider.state.kind === "saved", {
      what: "the others' words to be saved",
    });
    for (const { socket } of sockets) socket.terminate();
    if (round === 0) sockets = await storm(500);
  }
  for (const roomId of roomIds) expect(await rowCount(stage.pool, roomId)).toBe(1);
  expect((await storedText(stage.pool, otherId)).clauses[0]?.body[0]?.text).toBe("We report. round 0 round 1");
});

test("300 rooms opened and closed are all forgotten", async () => {
  const person = stage.person("Visitor");
  for (let batch = 0; batch < 10; batch += 1) {
    const roomIds = await Promise.all(
      Array.from({ length: 30 }, () => stage.room(clause("a", "Report", ["We report."]))),
    );
    const sockets = roomIds.map((roomId) => stage.socket(roomId, person));
    await Promise.all(sockets.map((socket) => Promise.race([socket.opened, socket.closed])));
    // Who comes in the instant of unloading is sent back to the door.
    const isIn = (socket: (typeof sockets)[number]) => socket.frames.length >= 2 || socket.closeCode === 4511;
    await until(() => sockets.every(isIn), { what: "a welcome in every room" });
    for (const { socket } of sockets) socket.close();
    await Promise.all(sockets.map((socket) => socket.closed));
    // One person has so many sockets open at most, and the server may hear of the end of these later than we do.
    await until(() => stage.realtime.figures.connections <= 1, { what: "the server to see them gone" });
  }
  await until(() => stage.realtime.figures.rooms <= 1 && stage.realtime.figures.connections <= 1, {
    what: "rooms to be unloaded",
  });
  // Whatever else held on to one would hold its text.
  await until(() => Number(queryObjects(Room)) <= stage.realtime.figures.rooms, {
    what: "their memory to be free",
    everyMs: 200,
  });
});
