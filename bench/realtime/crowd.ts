import * as Y from "yjs";
import type { Protocol } from "./protocols.ts";
import { uint } from "./protocols.ts";
import type { Running } from "./servers.ts";
import { frameOf, Wire } from "./wire.ts";

/** What is counted while a measurement runs. */
export type Tally = {
  /** Edits that reached somebody else, each receiver counted. */
  deliveries: number;
  /** Edits that their server called taken: committed with ours, in memory with the others. */
  taken: number;
  /** Milliseconds from an edit to each peer, and to its acknowledgement; kept only where wanted. */
  peerMs: number[] | undefined;
  takenMs: number[] | undefined;
  /** So many letters each keeps under way that the server has not taken yet; 0 while nobody types by itself. */
  window: number;
};

const timesKept = 4_096;
let clientIds = 1_000;

/** A client id that nobody here has used. */
export function freshClientId(): number {
  clientIds += 1;
  return clientIds;
}

type Place = { readonly client: number; readonly clock: number };
type Reach = readonly [writer: number, next: number];

/** Some people in one room, each typing at the end of a paragraph of their own. */
export class Crowd {
  readonly room: string;
  readonly protocol: Protocol;
  readonly members: Typist[] = [];
  readonly tally: Tally;
  readonly #index = new Map<number, number>();
  /** Everyone gets the same bytes: they are read once. */
  readonly #read = new Map<string, Reach[]>();

  constructor(room: string, protocol: Protocol, tally: Tally) {
    this.room = room;
    this.protocol = protocol;
    this.tally = tally;
  }

  /** Lets `ends.length` people in, ten at a time, and waits until each of them has the text. A door that is overrun would close on some. */
  async enter(
    server: Running,
    ends: readonly Place[],
    firstPerson: number,
    initial: Uint8Array = nothing,
  ): Promise<void> {
    for (const [at, end] of ends.entries()) {
      if (at % 10 === 0) await Promise.all(this.members.map((typist) => typist.ready));
      const typist = new Typist(this, server, at, end, firstPerson + at, initial);
      this.#index.set(typist.clientId, at);
      this.members.push(typist);
    }
    await Promise.all(this.members.map((typist) => typist.ready));
  }

  /** How far each writer's edits reach in an update. */
  reachOf(update: Buffer): Reach[] {
    const key = update.toString("latin1");
    const known = this.#read.get(key);
    if (known) return known;
    const reach = new Map<number, number>();
    for (const { id, length } of Y.decodeUpdate(update).structs) {
      const writer = this.#index.get(id.client);
      if (writer !== undefined) reach.set(writer, Math.max(reach.get(writer) ?? 0, id.clock + length));
    }
    if (this.#read.size > 20_000) this.#read.clear();
    const read = [...reach];
    this.#read.set(key, read);
    return read;
  }

  leave(): void {
    for (const typist of this.members) typist.wire.end();
  }
}

/** Nothing new: an update without structs and deletions. */
export const nothing: Uint8Array = Uint8Array.of(0, 0);

/** One client, typing one character after the other. */
export class Typist {
  readonly clientId = freshClientId();
  readonly wire: Wire;
  readonly ready: Promise<void>;
  /** Edits that were sent, and how many of them the server has taken. */
  sent = 0;
  taken = 0;
  readonly #crowd: Crowd;
  readonly #at: number;
  readonly #end: Place;
  readonly #sentAt = new Float64Array(timesKept);
  readonly #heard: number[] = [];
  #onReady: () => void = () => {};
  #hasText = false;
  #hasAnswered = false;
  /** Confirmations that were no edit's: the first one is of the answer to step 1. */
  #confirmations = 0;

  constructor(crowd: Crowd, server: Running, at: number, end: Place, person: number, initial: Uint8Array) {
    this.#crowd = crowd;
    this.#at = at;
    this.#end = end;
    const { protocol, room } = crowd;
    let onFail: (error: unknown) => void = () => {};
    this.ready = new Promise((resolve, reject) => {
      this.#onReady = resolve;
      onFail = reject;
    });
    this.wire = new Wire(server.port, protocol.path(room, this.clientId), protocol.headers(person), (message) =>
      this.#hear(message, initial),
    );
    this.wire.opened
      .then(() => this.wire.send(Buffer.concat(protocol.hello(room, emptyVector).map((one) => frameOf(one)))))
      .catch(onFail);
  }

  /** Types so many characters, each an update of its own. */
  type(count = 1): void {
    const frames: Buffer[] = [];
    for (let typed = 0; typed < count; typed += 1) {
      this.#sentAt[this.sent % timesKept] = performance.now();
      frames.push(frameOf(this.#crowd.protocol.update(this.#crowd.room, this.#edit())));
      this.sent += 1;
    }
    this.wire.send(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  /** One letter behind the last one, in the first format of Yjs: its origin, then its text, and nothing deleted. */
  #edit(): Uint8Array {
    const origin = this.sent === 0 ? this.#end : { client: this.clientId, clock: this.sent - 1 };
    const letter = 97 + (this.sent % 26);
    return Uint8Array.from([
      1,
      1,
      ...uint(this.clientId),
      ...uint(this.sent),
      0x84,
      ...uint(origin.client),
      ...uint(origin.clock),
      1,
      letter,
      0,
    ]);
  }

  #hear(message: Buffer, initial: Uint8Array): void {
    const { protocol, room } = this.#crowd;
    const heard = protocol.hear(room, message);
    if (heard.kind === "asked") {
      if (this.#hasAnswered) return;
      this.#hasAnswered = true;
      this.wire.send(frameOf(protocol.answer(room, initial)));
    } else if (heard.kind === "acknowledged") {
      this.#confirmations = heard.count ?? this.#confirmations + 1;
      this.#take(this.#confirmations - 1);
    } else if (heard.kind === "text") {
      this.#hasText ||= heard.isAnswer;
      this.#read(heard.update);
    }
    if (this.#hasText && this.#hasAnswered) this.#onReady();
  }

  #read(update: Buffer): void {
    const { tally, protocol } = this.#crowd;
    const now = performance.now();
    for (const [writer, next] of this.#crowd.reachOf(update)) {
      if (writer === this.#at) {
        // Only one of the peers confirms nothing: there the echo has to do.
        if (protocol.confirmsByEcho) this.#take(next);
        continue;
      }
      const from = this.#heard[writer] ?? 0;
      if (next <= from) continue;
      this.#heard[writer] = next;
      tally.deliveries += next - from;
      if (tally.peerMs) this.#crowd.members[writer]?.noteHeard(from, next, now, tally.peerMs);
    }
  }

  /** Somebody has heard this one's edits up to `next`. */
  noteHeard(from: number, next: number, now: number, into: number[]): void {
    for (let edit = from; edit < next; edit += 1) into.push(now - (this.#sentAt[edit % timesKept] ?? now));
  }

  #take(next: number): void {
    const { tally } = this.#crowd;
    if (next <= this.taken) return;
    tally.taken += next - this.taken;
    if (tally.takenMs) this.noteHeard(this.taken, next, performance.now(), tally.takenMs);
    this.taken = next;
    this.fillWindow();
  }

  /** Types on until so many letters are under way as the tally wants; not for each single one, as nobody sends one packet per letter then. */
  fillWindow(): void {
    const { window } = this.#crowd.tally;
    const room = window - (this.sent - this.taken);
    if (window > 0 && room >= window / 2) this.type(room);
  }
}

/** The state vector of an empty text. */
export const emptyVector: Uint8Array = Uint8Array.of(0);
