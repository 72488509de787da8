import { randomUUID } from "node:crypto";
import type pg from "pg";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import { messageAck } from "#lib/protocol/messages.ts";
import { origin, socketOf, typeIn } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { fingerprintOf, isDraft, shownBy, slicesOf } from "./checks.ts";
import { edit } from "./edits.ts";
import { below, drawnUpdate, mutate, pick } from "./mutate.ts";
import { openRoom } from "./socket-history.ts";
import { Twister } from "./twist.ts";

/** What an attack over real sockets did to a room that has nothing to do with it, in milliseconds from typed to saved. */
export type AttackOutcome = {
  readonly frames: number;
  readonly calm: readonly number[];
  readonly attacked: readonly number[];
  readonly isInnocentWhole: boolean;
  /** What is wrong with the text that was attacked; undefined when every word of it that others wrote is as it was. */
  readonly harm: string | undefined;
  /** Rows that the attack added to it. */
  readonly rows: number;
};

const attackers = 6;
const framesEach = 6;
/** Connections of one attacker before another comes. */
const knocksEach = 150;
const armsMax = 2_000;

/** Lets the server judge so many hostile frames over sockets while somebody writes in another room, after the same somebody wrote in peace. */
export async function attack(url: string, pool: pg.Pool, frames: number, random: () => number): Promise<AttackOutcome> {
  const [target, innocentId] = [await openRoom(pool, attackedText), await openRoom(pool)];
  const seeded = await rowsOf(pool, target);
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
  const arms = Array.from({ length: armsMax }, () => hostileFrame(docOf(seeded), random));
  let sent = 0;
  const lane = async () => {
    for (let knocks = 0, userId = randomUUID(); sent < frames; knocks += 1) {
      // One person may come back so often in a minute; afterwards nothing would be read any more.
      if (knocks % knocksEach === knocksEach - 1) userId = randomUUID();
      sent += await knock(`${url}/${target}`, userId, () => pick(arms, random));
    }
  };
  const lanes = Promise.all(Array.from({ length: attackers }, lane));
  const attacked = await write(doc, isSaved, Number.POSITIVE_INFINITY, () => sent < frames);
  await lanes;
  await until(isSaved, { what: "the innocent to be saved" });
  const words = calm.length + attacked.length;
  const isInnocentWhole = (doc.getXmlFragment("charter").toString().match(/word/g) ?? []).length === words;
  provider.destroy();
  const rows = await rowsOf(pool, target);
  const harm = harmIn(seeded, rows, random);
  return { frames: sent, calm, attacked, isInnocentWhole, harm, rows: rows.length - seeded.length };
}

/** Characters of two units in every text: a cut inside of one changes words without deleting them. */
const attackedText = charter(
  "T\u{1f600}",
  clause("a", "A\u{1f600}", ["one \u{1f600}\u{1f680} two"]),
  clause("b", "B", ["\u{1f600}", "three\u{1f468}\u{200d}\u{1f469}"]),
);
const author = [1];

async function rowsOf(pool: pg.Pool, roomId: string): Promise<Uint8Array[]> {
  const { rows } = await pool.query<{ payload: Uint8Array }>(
    "SELECT payload FROM room_update WHERE room_id = $1 ORDER BY seq",
    [roomId],
  );
  return rows.map(({ payload }) => payload);
}

function docOf(rows: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  for (const row of rows) Y.applyUpdate(doc, row);
  return doc;
}

function harmIn(seeded: readonly Uint8Array[], rows: readonly Uint8Array[], random: () => number): string | undefined {
  const doc = docOf(rows);
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) return "something of it stays pending";
  if (fingerprintOf(doc, author) !== fingerprintOf(docOf(seeded), author)) return "words of others were changed";
  if (!isDraft(doc)) return "something stands in it that no draft holds";
  const merged = slicesOf(rows, random).map((slice) => Y.mergeUpdates(slice));
  const isOne = [merged, [Y.encodeStateAsUpdate(doc)]].every((updates) => shownBy(updates) === shownBy(rows));
  return isOne ? undefined : "its rows merged, or written anew, give another text";
}

/** One connection with a few frames on it; the first that is refused ends it. Gives how many the server judged. */
function knock(address: string, userId: string, frame: () => Uint8Array): Promise<number> {
  const socket = new WebSocket(`${address}?clientId=${clientIdOf(userId)}`, { headers: { origin, cookie: userId } });
  return new Promise((resolve) => {
    let acknowledged = 0;
    socket.on("open", () => {
      socket.send(encodeStep2(new Uint8Array([0, 0])));
      for (let sent = 0; sent < framesEach; sent += 1) socket.send(frame());
      setTimeout(() => socket.terminate(), 60);
    });
    socket.on("message", (bytes: Buffer) => {
      if (bytes[0] === messageAck) acknowledged = bytes[1] ?? 0;
    });
    socket.on("error", () => socket.terminate());
    // The first that it acknowledges is the answer to its question; 1006 is our own end.
    socket.on("close", (code) => resolve(Math.max(0, acknowledged - 1) + (code === 1006 ? 0 : 1)));
  });
}

/** Each attacker holds one clientID and comes back with it. */
function clientIdOf(userId: string): number {
  return Number.parseInt(userId.slice(0, 8), 16);
}

function hostileFrame(text: Y.Doc, random: () => number): Uint8Array {
  // One of its own, so that the first who sends it may write under it.
  const clientId = 1_000 + below(random, 2 ** 31);
  const lot = random();
  if (lot < 0.15) return drawnUpdate([1, clientId, 5], random);
  const state = Y.encodeStateAsUpdate(text);
  if (lot < 0.6)
    return encodeUpdate(new Twister(state, [clientId], random).twist(honestUpdate(text, clientId, random)));
  const frame = () => encodeUpdate(honestUpdate(text, clientId, random));
  return mutate(frame(), frame(), random);
}

function honestUpdate(text: Y.Doc, clientId: number, random: () => number): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(text));
  doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  edit(doc, random);
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  return update;
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
