import { randomUUID } from "node:crypto";
import type pg from "pg";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { origin, socketOf, typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { edit } from "./edits.ts";
import { below, drawnUpdate, mutate, pick } from "./mutate.ts";
import { openRoom } from "./socket-history.ts";

/** What an attack over real sockets did to a room that has nothing to do with it, in milliseconds from typed to saved. */
export type AttackOutcome = {
  readonly frames: number;
  readonly calm: readonly number[];
  readonly attacked: readonly number[];
  readonly isInnocentWhole: boolean;
};

const attackers = 6;
const framesEach = 6;
const armsMax = 2_000;

/** Sends so many mutated frames over sockets while somebody writes in another room, after the same somebody wrote in peace. */
export async function attack(url: string, pool: pg.Pool, frames: number, random: () => number): Promise<AttackOutcome> {
  const [target, innocentId] = [await openRoom(pool), await openRoom(pool)];
  const doc = new Y.Doc({ gc: false });
  const provider = new AcknowledgingProvider({
    url,
    roomId: innocentId,
    doc,
    socket: socketOf(randomUUID()),
    newClientId: () => doc.clientID,
  });
  const isSaved = () => provider.state.kind === "saved";
  await until(isSaved, { what: "the innocent to be in" });
  const calm = await write(doc, isSaved, 150, () => true);
  // Made before: the attack must cost the server more than it costs the process in which the innocent's time is taken.
  const arms = Array.from({ length: armsMax }, () => hostileFrame(random));
  let sent = 0;
  const lane = async () => {
    const userId = randomUUID();
    while (sent < frames) sent += await knock(`${url}/${target}`, userId, () => pick(arms, random));
  };
  const lanes = Promise.all(Array.from({ length: attackers }, lane));
  const attacked = await write(doc, isSaved, Number.POSITIVE_INFINITY, () => sent < frames);
  await lanes;
  await until(isSaved, { what: "the innocent to be saved" });
  const words = calm.length + attacked.length;
  const isInnocentWhole = (doc.getXmlFragment("charter").toString().match(/word/g) ?? []).length === words;
  provider.destroy();
  return { frames: sent, calm, attacked, isInnocentWhole };
}

/** One connection with a few frames on it; the first that is refused ends it. */
function knock(address: string, userId: string, frame: () => Uint8Array): Promise<number> {
  const socket = new WebSocket(`${address}?clientId=${clientIdOf(userId)}`, { headers: { origin, cookie: userId } });
  return new Promise((resolve) => {
    let sent = 0;
    socket.on("open", () => {
      socket.send(encodeStep2(new Uint8Array([0, 0])));
      for (; sent < framesEach; sent += 1) socket.send(frame());
      setTimeout(() => socket.terminate(), 60);
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => resolve(Math.max(1, sent)));
  });
}

/** Each attacker holds one clientID and comes back with it. */
function clientIdOf(userId: string): number {
  return Number.parseInt(userId.slice(0, 8), 16);
}

function hostileFrame(random: () => number): Uint8Array {
  const clientId = 1 + below(random, 50);
  if (random() < 0.2) return drawnUpdate([1, clientId, 5], random);
  return mutate(honestFrame(clientId, random), honestFrame(clientId, random), random);
}

function honestFrame(clientId: number, random: () => number): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  doc.clientID = clientId;
  doc.getXmlFragment("charter").push([new Y.XmlElement("clause")]);
  edit(doc, random);
  const update = Y.encodeStateAsUpdate(doc);
  doc.destroy();
  return encodeUpdate(update);
}

/** Types a word and waits until it is saved, again and again; gives how long each took. */
async function write(doc: Y.Doc, isSaved: () => boolean, times: number, goesOn: () => boolean): Promise<number[]> {
  const took: number[] = [];
  while (took.length < times && goesOn()) {
    const started = performance.now();
    typeIn(doc, " word");
    await until(isSaved, { what: "a word to be saved", everyMs: 1, timeoutMs: 30_000 });
    took.push(performance.now() - started);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return took;
}
