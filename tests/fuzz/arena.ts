import * as Y from "yjs";
import { charterTextOf, seedUpdate } from "#lib/editor/clauses.ts";
import { encodePresence, encodeStep1, encodeStep2, encodeUpdate } from "#lib/protocol/frames.ts";
import type { Room } from "#server/realtime/room.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { edit } from "./edits.ts";
import { connectIn, FakeSocket, ListStore, openMemoryRoom } from "./memory-room.ts";
import { below, drawnUpdate, mutate, pick } from "./mutate.ts";

/** What must never happen, and how often it did. */
export type Harm = {
  /** The server's own code threw. */
  thrown: number;
  /** Something was applied that Yjs could not integrate. */
  pending: number;
  /** Words of somebody else were changed, or put under their name. */
  foreign: number;
  /** The rows that were stored do not give the text that the room has. */
  unlike: number;
};

/** What became of the frames. */
export type Tally = { frames: number; taken: number; refused: number; reasons: Map<string, number> };

const victims = [11, 12] as const;
const roundFrames = 4_000;
/** So many are made from the same honest frames. */
const volleyFrames = 400;

/**
 * The server's own code around one room, without a network: connection, guard and room as they are, a socket that is a variable and a
 * store that is a list. A hostile client sends mutated frames; two others have written the text.
 */
export class Arena {
  readonly harm: Harm = { thrown: 0, pending: 0, foreign: 0, unlike: 0 };
  readonly tally: Tally = { frames: 0, taken: 0, refused: 0, reasons: new Map() };
  readonly #random: () => number;
  readonly #onHarm: (kind: keyof Harm, frame: Uint8Array) => void;
  #store = new ListStore();
  #room: Room;
  #own = 1_000;
  #volley: Uint8Array[] = [];
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
      if (sent % volleyFrames === 0) this.#volley = Array.from({ length: 24 }, () => this.#honestFrame());
      await this.#send(this.#hostileFrame());
      if (sent % roundFrames === roundFrames - 1) await this.#endRound();
    }
    await this.#endRound();
  }

  #hostileFrame(): Uint8Array {
    const random = this.#random;
    if (random() < 0.15) return drawnUpdate([...victims, this.#own, this.#own + 1, 5], random);
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
      this.#checkForeign(frame);
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

  #checkForeign(frame: Uint8Array): void {
    if (fingerprintOf(this.#room.doc) === this.#fingerprint) return;
    this.#note("foreign", frame);
    this.#room = this.#openRoom();
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
      lease: async (client) => (victims.some((victim) => victim === client) ? "taken" : "yours"),
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
    Y.applyUpdate(doc, seedUpdate(charter("T", clause("a", "A", ["one"]), clause("b", "B", ["two", "three"])), 1));
    for (const victim of victims) {
      doc.clientID = victim;
      for (let step = 0; step < 6; step += 1) edit(doc, this.#random);
    }
    const payload = Y.encodeStateAsUpdate(doc);
    doc.destroy();
    const room = openMemoryRoom(payload, store);
    this.#fingerprint = fingerprintOf(room.doc);
    return room;
  }

  /** The rows alone must give the same text; then the next round begins with a fresh room. */
  async #endRound(): Promise<void> {
    await this.#room.settle();
    const copy = new Y.Doc({ gc: false });
    for (const row of this.#store.rows) Y.applyUpdate(copy, row);
    const isSame =
      copy.store.pendingStructs === null &&
      copy.store.pendingDs === null &&
      JSON.stringify(charterTextOf(copy)) === JSON.stringify(charterTextOf(this.#room.doc));
    if (!isSame) this.#note("unlike", new Uint8Array());
    copy.destroy();
    this.#room.discard({ kind: "reload" });
    this.#room = this.#openRoom();
  }
}

/** All that the victims have ever written, deleted or not; deleting is an editor's right, changing is not. */
function fingerprintOf(doc: Y.Doc): string {
  return [1, ...victims]
    .map((client) => (doc.store.clients.get(client) ?? []).map((struct) => contentOf(struct)).join(""))
    .join("|");
}

function contentOf(struct: Y.Item | Y.GC): string {
  if (struct instanceof Y.GC) return `#${struct.length}`;
  const { content } = struct;
  if (content instanceof Y.ContentString) return content.str;
  if (content instanceof Y.ContentAny) return content.arr.map((value) => JSON.stringify(value)).join("");
  if (content instanceof Y.ContentType)
    return content.type instanceof Y.XmlElement ? `<${content.type.nodeName}>` : "<text>";
  return `?${content.getLength()}`;
}
