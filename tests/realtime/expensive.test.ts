import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { messageAck } from "#lib/protocol/messages.ts";
import { forgeUpdate } from "#tests/support/forged-update.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { type BareSocket, openStage, type Person, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
});

const parts = 95_000;
/** A frame that takes long to read; whoever sends it again adds nothing, and it takes as long. */
function expensive(client: number): Uint8Array {
  const structs = Array.from({ length: parts }, () => ({ collected: 1 }));
  return encodeUpdate(forgeUpdate([{ client, clock: 0, structs }]));
}

/** What the server says to have taken of all these sockets. */
function taken(sockets: readonly BareSocket[]): number {
  return sockets.reduce((sum, { frames }) => sum + (frames.findLast(([kind]) => kind === messageAck)?.[1] ?? 0), 0);
}

async function attack(rooms: readonly string[], mallory: Person): Promise<readonly BareSocket[]> {
  const sockets = rooms.map((roomId) => stage.socket(roomId, mallory));
  for (const socket of sockets) {
    await socket.opened;
    await until(() => socket.frames.length >= 2);
    socket.send(encodeStep2(new Uint8Array([0, 0])));
  }
  // In turn, since what was sent last is known by its bytes.
  const arms = sockets.map(({ clientId }) => [expensive(clientId), expensive(clientId + 1)] as const);
  for (let volley = 0; volley < 8; volley += 1)
    for (const [at, socket] of sockets.entries()) {
      const frame = arms[at]?.[volley % 2];
      if (frame) socket.send(frame);
    }
  return sockets;
}

test("whoever sends expensive frames without pause, into several rooms, waits for themselves: in another room words are saved one after the other", async () => {
  const [own, others] = [await stage.room(clause("a", "A", ["one"])), await stage.room(clause("b", "B", ["two"]))];
  const quiet = await stage.room(clause("c", "C", ["three"]));
  const innocent = stage.tab(quiet, stage.person("Innocent"));
  const isSaved = () => innocent.provider.state.kind === "saved";
  await until(isSaved);
  const mallory = stage.person("Mallory");
  const sockets = await attack([own, others, own, others], mallory);
  const { figures } = stage.realtime;
  await until(() => figures.debts > 0, { what: "the sender to owe" });
  const before = taken(sockets);
  const words = 20;
  for (let word = 0; word < words; word += 1) {
    innocent.type(` w${word}`);
    await until(isSaved, { what: "an innocent word to be saved" });
  }
  // The rest of them is not refused, and not taken yet.
  expect(taken(sockets) - before).toBeLessThan(words);
  expect(taken(sockets)).toBeLessThan(8 * sockets.length);
  for (const socket of sockets) expect(socket.closeCode).toBeUndefined();
  // Coming back does not help: it is the person who owes.
  for (const { socket } of sockets) socket.close();
  const debts = figures.debts;
  const [again] = await attack([own], mallory);
  innocent.type(" meanwhile");
  await until(isSaved, { what: "one more word to be saved" });
  expect(again && taken([again])).toBeLessThan(2);
  expect(figures.debts).toBeLessThan(debts + 8);
  again?.socket.close();
});
