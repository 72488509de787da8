import * as decoding from "lib0/decoding";
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
  const counted = ({ frames }: BareSocket) => {
    const last = frames.findLast(([kind]) => kind === messageAck);
    return last ? decoding.readVarUint(decoding.createDecoder(last.subarray(1))) : 0;
  };
  return sockets.reduce((sum, socket) => sum + counted(socket), 0);
}

type Attack = { readonly sockets: readonly BareSocket[]; readonly sent: number; volleys(count: number): void };

async function attack(rooms: readonly string[], mallory: Person): Promise<Attack> {
  const sockets = rooms.map((roomId) => stage.socket(roomId, mallory));
  for (const socket of sockets) {
    await socket.opened;
    await until(() => socket.frames.length >= 2);
    socket.send(encodeStep2(new Uint8Array([0, 0])));
  }
  // In turn, since what was sent last is known by its bytes.
  const arms = sockets.map(({ clientId }) => [expensive(clientId), expensive(clientId + 1)] as const);
  let fired = 0;
  return {
    sockets,
    // Each began with the answer to our question.
    get sent() {
      return (1 + fired) * sockets.length;
    },
    volleys(count) {
      for (const end = fired + count; fired < end; fired += 1)
        for (const [at, socket] of sockets.entries()) {
          const frame = arms[at]?.[fired % 2];
          if (frame) socket.send(frame);
        }
    },
  };
}

test("whoever sends expensive frames without pause, into several rooms, waits for themselves: in another room words are saved one after the other", async () => {
  const [own, others] = [await stage.room(clause("a", "A", ["one"])), await stage.room(clause("b", "B", ["two"]))];
  const quiet = await stage.room(clause("c", "C", ["three"]));
  const innocent = stage.tab(quiet, stage.person("Innocent"));
  const isSaved = () => innocent.provider.state.kind === "saved";
  await until(isSaved);
  const mallory = stage.person("Mallory");
  const first = await attack([own, others, own, others], mallory);
  const { sockets } = first;
  const { figures } = stage.realtime;
  // How many frames it takes to owe is a matter of the machine.
  while (figures.debts === 0) {
    first.volleys(8);
    await until(() => figures.debts > 0 || taken(sockets) === first.sent, { what: "the sender to owe" });
  }
  first.volleys(1);
  const before = taken(sockets);
  const words = 20;
  for (let word = 0; word < words; word += 1) {
    innocent.type(` w${word}`);
    await until(isSaved, { what: "an innocent word to be saved" });
  }
  // The rest of them is not refused, and not taken yet.
  expect(taken(sockets) - before).toBeLessThan(words);
  expect(taken(sockets)).toBeLessThan(first.sent);
  for (const socket of sockets) expect(socket.closeCode).toBeUndefined();
  // Coming back does not help: it is the person who owes.
  for (const { socket } of sockets) socket.close();
  const debts = figures.debts;
  const second = await attack([own], mallory);
  second.volleys(8);
  innocent.type(" meanwhile");
  await until(isSaved, { what: "one more word to be saved" });
  expect(taken(second.sockets)).toBeLessThan(2);
  expect(figures.debts).toBeLessThan(debts + 8);
  for (const { socket } of second.sockets) socket.close();
});
