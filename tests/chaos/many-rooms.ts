import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { queryObjects } from "node:v8";
import { WebSocket } from "ws";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { openStore } from "#lib/data/store.ts";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { encodeStep1 } from "#lib/protocol/frames.ts";
import type { Access } from "#server/realtime/access.ts";
import { attachRealtime } from "#server/realtime/attach.ts";
import { Room } from "#server/realtime/room.ts";
import { insertCharter, origin } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import type { ChaosDatabase } from "./database.ts";

/** Heap in use once everything was forgotten, after the first tenth of the rooms and after all of them; and the rooms that something still holds then. */
export type Memory = { readonly rooms: number; readonly early: number; readonly late: number; readonly held: number };

const atOnce = 25;

/** Opens and closes so many rooms, one after the other, in a server of this process. What is kept of them would be seen in the heap. */
export async function openManyRooms(database: ChaosDatabase, rooms: number): Promise<Memory> {
  const store = openStore(database.directUrl, 6);
  const http = createServer();
  const userId = randomUUID();
  const actor = { userId, name: "Visitor", organizationId: randomUUID(), organizationName: "Visitors" };
  const access: Access = { actor, sessionId: userId, mode: "write" };
  const realtime = await attachRealtime(http, {
    pool: store.pool,
    allowedOrigins: [origin],
    clock: Date.now,
    recordHistory: async () => undefined,
    logger: { info: () => {}, warn: () => {}, error: (fields, message) => console.error(message, fields) },
    limits: { tickMs: 100, roomIdleMs: 200, upgradesPerMinuteMax: Number.POSITIVE_INFINITY },
    authorize: async () => access,
    sessionOf: (request) => request.headers.cookie,
    accessNow: async (held) => held.map(() => access),
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has an address with a port.
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/realtime`;
  const round = await insertCharter(store.pool);
  const seed = seedUpdate({ title: "Accord", language: "en", clauses: [clause("a", "Report", ["We report."])] }, 1);
  const visit = async () => {
    const id = randomUUID();
    await store.pool.query("INSERT INTO room (id, charter_id, draft_round_id) VALUES ($1, $2, $3)", [
      id,
      round.charterId,
      round.draftRoundId,
    ]);
    await appendServerUpdate(store.pool, id, seed, { userId: null, organizationId: null, via: "seed" });
    await lookIn(`${url}/${id}?clientId=7`);
  };
  try {
    const marks: number[] = [];
    for (let done = 0; done < rooms; done += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, visit));
      if (done + atOnce === rooms / 10 || done + atOnce >= rooms) {
        await until(() => realtime.figures.rooms === 0, {
          what: "all rooms to be forgotten",
          everyMs: 50,
        });
        marks.push(heapInUse());
      }
    }
    return { rooms, early: marks[0] ?? 0, late: marks.at(-1) ?? 0, held: roomsHeld() };
  } finally {
    await realtime.close();
    http.close();
    await store.close();
  }
}

/** Comes in, gets the text, goes. */
function lookIn(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(address, { headers: { origin } });
    socket.on("open", () => socket.send(encodeStep1(new Uint8Array([0]))));
    socket.on("message", (data) => {
      if (data instanceof Uint8Array && data[0] === 0 && data[1] === 1) socket.close();
    });
    socket.on("close", () => resolve());
    socket.on("error", reject);
  });
}

/** The rooms that are in memory for whatever reason. Collects what nothing needs any more. */
function roomsHeld(): number {
  return Number(queryObjects(Room));
}

function heapInUse(): number {
  for (let left = 0; left < 3; left += 1) roomsHeld();
  return process.memoryUsage().heapUsed;
}
