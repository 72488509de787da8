import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { encodePresence, encodeStep1, encodeStep2, encodeUpdate, parseFrame } from "#lib/protocol/frames.ts";
import type { Room } from "#server/realtime/room.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { fingerprintOf, isDraft, shownBy, shownIn, slicesOf } from "./checks.ts";
import { edit } from "./edits.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "./memory-room.ts";
import { below, drawnUpdate, mutate, pick } from "./mutate.ts";
import { Twister } from "./twist.ts";

/** What must never happen, and how often it did. */
export type Harm = {
  /** The server's own code threw. */
  thrown: number;
  /** Something was applied that Yjs could not integrate. */
  pending: number;
  /** Words of somebody else were changed, or put under their name. */
  foreign: number;
  /** The rows that were stored do not give the text that the room has: one by one, merged as they are sent on, or written anew. */
  unlike: number;
  /** Something stands in the text that no draft holds. */
  strange: number;
};

export const noHarm: Harm = { thrown: 0, pending: 0, foreign: 0, unlike: 0, strange: 0 };

/** What became of the frames. */
export type Tally = { frames: number; taken: number; refused: number; reasons: Map<string, number> };

const victims = [11, 12] as const;
/** Whose words must stay as they are: the victims' and those that the room began with. */
const written = [1, ...victims];
/** Characters of two units in every text: a cut inside of one of them is the one thing that changes words without deleting them. */
const seeded = [
  clause("a", "A\u{1f600}", ["one \u{1f600}\u{1f680} two"]),
  clause("b", "B", ["\u{1f600}", "three\u{1f468}\u{200d}\u{1f469}"]),
];
const roundFrames = 4_000;
/** So many are made from the same honest frames. */
const volleyFrames = 400;

/**
 * The server's own code around one room, without a network: connection, guard and room as they are, a socket that is a variable and a
 * store that is a list. A hostile client sends mutated frames; two others have written the text.
 */
export class Arena {
  readonly harm: Harm = { ...noHarm };
  readonly tally: Tally = { frames: 0, taken: 0, refused: 0, reasons: new Map() };
  readonly #random: () => number;
  readonly #onHarm: (kind: keyof Harm, frame: Uint8Array) => void;
  #store = new ListStore();
  #room: Room;
  #own = 1_000;
  #volley: Uint8Array[] = [];
  #twister: Twister | undefined;
  #fingerprint = "";
  #connection: { readonly socket: FakeSocket; readonly clientId: number } | undefined;

  constructor(random: () => number, onHarm: (kind: keyof Harm, frame: Uint8Array) => void = () => {}) {
    this.#random = random;
    this.#onHarm = onHarm;
    this.#room = this.#openRoom();
  }

  /** Sends so many frames. */
  async play(frames: number): Promise<void> {
    for (let sent = 0; sent < frames; sent += 1) {
      if (sent % volleyFrames === 0) this.#takeAim();
      await this.#send(this.#hostileFrame());
      if (sent % roundFrames === roundFrames - 1) await this.#endRound();
    }
    await this.#endRound();
  }

  /** What is sent next is made of the text as it is now. */
  #takeAim(): void {
    this.#volley = Array.from({ length: 24 }, () => this.#honestFrame());
    const state = Y.encodeStateAsUpdate(this.#room.doc);
    this.#twister = new Twister(state, [this.#own, this.#own + 1], this.#random);
  }

  #hostileFrame(): Uint8Array {
    const random = this.#random;
    const lot = random();
    if (lot < 0.15) return drawnUpdate([...victims, this.#own, this.#own + 1, 5], random);
    if (lot < 0.6) {
      const honest = parseFrame(pick(this.#volley, random));
      if (this.#twister && honest?.kind === "update") return encodeUpdate(this.#twister.twist(honest.update));
    }
    return mutate(pick(this.#volley, random), pick(this.#volley, random), random);
  }

  async #send(frame: Uint8Array): Promise<void> {
    const { socket } = this.#connected();
    const before = this.#store.rows.length;
    this.tally.frames += 1;
    try {
      socket.emit("message", Buffer.from(frame), true);
      // Leases and commits take a turn of the loop; what is refused is so at once.
      if (!socket.closed) await new Promise((resolve) => setImmediate(resolve));
    } catch {
      this.#note("thrown", frame);
    }
    if (
      this.#room.doc.store.pendingStructs !== null ||
      this.#room.doc.store.pendingDs !== null ||
      this.#isDiscarded()
    ) {
      this.#note("pending", frame);
      this.#room = this.#openRoom();
      return;
    }
    if (this.#store.rows.length > before) {
      this.tally.taken += 1;
      this.#checkText(frame);
    }
    if (socket.closed) {
      this.tally.refused += 1;
      const { code, reason } = socket.closed;
      if (code === 1011) this.#note("thrown", frame);
      this.tally.reasons.set(reason, (this.tally.reasons.get(reason) ?? 0) + 1);
      this.#connection = undefined;
    }
  }

  #isDiscarded(): boolean {
    return this.#room.mode === "discarded";
  }

  #checkText(frame: Uint8Array): void {
    const { doc } = this.#room;
    const isForeign = fingerprintOf(doc, written) !== this.#fingerprint;
    const isStrange = !isDraft(doc);
    if (isForeign) this.#note("foreign", frame);
    if (isStrange) this.#note("strange", frame);
    if (isForeign || isStrange) this.#room = this.#openRoom();
  }

  #note(kind: keyof Harm, frame: Uint8Array): void {
    this.harm[kind] += 1;
    this.#onHarm(kind, frame);
  }

  /** A frame that an honest client could send now; all kinds there are, most of them edits. */
  #honestFrame(): Uint8Array {
    const lot = this.#random();
    const { clientId } = this.#connected();
    if (lot < 0.06) return encodeStep1(Y.encodeStateVector(this.#room.doc));
    if (lot < 0.12) return encodeStep2(Y.encodeStateAsUpdate(this.#room.doc));
    if (lot < 0.18)
      return encodePresence([{ clientId, clock: 1, json: JSON.stringify({ cursor: null, clause: "a00000000000" }) }]);
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.#room.doc));
    // Each edit under a clientID of its own fits the text whatever became of those before.
    this.#own += 1;
    doc.clientID = this.#own;
    const before = Y.encodeStateVector(doc);
    for (let step = 1 + below(this.#random, 3); step > 0; step -= 1) edit(doc, this.#random);
    const update = Y.encodeStateAsUpdate(doc, before);
    doc.destroy();
    return this.#random() < 0.8 ? encodeUpdate(update) : encodeStep2(update);
  }

  #connected(): { readonly socket: FakeSocket; readonly clientId: number } {
    if (this.#connection) return this.#connection;
    this.#own += 1;
    const clientId = this.#own;
    const socket = new FakeSocket();
    connectIn(this.#room, socket, clientId, {
      lease: async (client, hasText) => (hasText || victims.some((victim) => victim === client) ? "taken" : "yours"),
      onError: () => socket.close(1011, "broken"),
    });
    this.#connection = { socket, clientId };
    return this.#connection;
  }

  #openRoom(): Room {
    const store = new ListStore();
    this.#store = store;
    this.#connection = undefined;
    const doc = new Y.Doc({ gc: false });
    doc.clientID = victims[0];
    Y.applyUpdate(doc, seedUpdate(charter("T\u{1f600}", ...seeded), 1));
    for (const victim of victims) {
      doc.clientID = victim;
      for (let step = 0; step < 6; step += 1) edit(doc, this.#random);
    }
    const payload = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    const room = openMemoryRoom(payload, store);
    this.#fingerprint = fingerprintOf(room.doc, written);
    return room;
  }

  /** The rows alone must give the same text; then the next round begins with a fresh room. */
  async #endRound(): Promise<void> {
    await this.#room.settle();
    const shown = shownIn(this.#room.doc);
    const [first, ...rest] = this.#store.rows;
    const slices = first ? [[first], ...slicesOf(rest, this.#random)] : [];
    const copies = [
      this.#store.rows,
      slices.map((rows) => Y.mergeUpdates(rows)),
      [Y.encodeStateAsUpdate(this.#room.doc)],
    ].map(shownBy);
    if (copies.some((copy) => copy !== shown)) this.#note("unlike", new Uint8Array());
    this.#room.discard({ kind: "reload" });
    this.#room = this.#openRoom();
  }
}
