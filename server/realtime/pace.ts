import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { bytesPerSecondMax, updatesPerSecondMax } from "#lib/protocol/limits.ts";
import { Bucket } from "./bucket.ts";
import type { Gate } from "./gate.ts";
import type { Room } from "./room.ts";
import type { Work } from "./work-budget.ts";

/** How long a socket stays unread, in ms, before it is looked again whether there is room for what it says. */
const fullMs = 25;

/** Frames that may wait for a lease before the socket is left unread. */
const waitingMax = 1_000;

/** How fast one socket may speak, and whether its person may. What is too much is left in the socket, so that its sender waits; nothing is lost. */
export class Pace {
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #gate: Pick<Gate, "isFull">;
  readonly #work: Pick<Work, "owedMs" | "charge">;
  readonly #updates: Bucket;
  readonly #bytes: Bucket;

  constructor(socket: WebSocket, room: Room, gate: Pick<Gate, "isFull">, work: Pick<Work, "owedMs" | "charge">) {
    const now = performance.now();
    this.#socket = socket;
    this.#room = room;
    this.#gate = gate;
    this.#work = work;
    this.#updates = new Bucket(updatesPerSecondMax, now);
    this.#bytes = new Bucket(bytesPerSecondMax, now);
  }

  /** What reading the stream costs is its person's work too: thousands of pongs and of empty pieces of a frame make no frame that anybody would be asked about. */
  watch(stream: Duplex): void {
    let began = 0;
    stream.prependListener("data", () => {
      began = performance.now();
    });
    stream.on("data", () => {
      const now = performance.now();
      this.#work.charge(now - began, now);
      const owed = this.#work.owedMs(now);
      if (owed > 0) this.#leaveUnread(owed);
    });
  }

  /** A frame was read: leaves the socket unread for as long as it owes, or while too much waits for the database. */
  noteFrame(bytes: number, waiting: number): void {
    const now = performance.now();
    const owed = Math.max(this.#updates.owe(1, now), this.#bytes.owe(bytes, now), this.#work.owedMs(now));
    const isFull = this.#room.isFull || this.#gate.isFull || waiting >= waitingMax;
    if (owed > 0 || isFull) this.#leaveUnread(owed);
  }

  #leaveUnread(owed: number): void {
    if (this.#socket.isPaused) return;
    this.#socket.pause();
    if (this.#room.isFull) this.#room.afterCommit(() => this.#resume());
    else setTimeout(() => this.#resume(), Math.max(owed, 10));
  }

  #resume(): void {
    const ms = Math.max(this.#gate.isFull ? fullMs : 0, this.#work.owedMs(performance.now()));
    if (ms > 0) setTimeout(() => this.#resume(), ms);
    else this.#socket.resume();
  }
}
