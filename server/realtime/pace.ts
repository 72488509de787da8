import type { WebSocket } from "ws";
import { bytesPerSecondMax, presencePerSecondMax, updatesPerSecondMax } from "#lib/protocol/limits.ts";
import { Bucket } from "./bucket.ts";
import type { Room } from "./room.ts";

/** Frames that may wait for a lease before the socket is left unread. */
const waitingMax = 1_000;

/** How fast one socket may speak. What is too much is left in the socket, so that its sender waits; nothing is lost. */
export class Pace {
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #updates: Bucket;
  readonly #bytes: Bucket;
  readonly #presence: Bucket;

  constructor(socket: WebSocket, room: Room) {
    const now = performance.now();
    this.#socket = socket;
    this.#room = room;
    this.#updates = new Bucket(updatesPerSecondMax, now);
    this.#bytes = new Bucket(bytesPerSecondMax, now);
    this.#presence = new Bucket(presencePerSecondMax, now);
  }

  /** Whether one more word about where somebody is may be taken; otherwise it is dropped. */
  takePresence(): boolean {
    return this.#presence.take(1, performance.now());
  }

  /** A frame was read: leaves the socket unread for as long as it owes, or while the room waits for the database. */
  noteFrame(bytes: number, waiting: number): void {
    const now = performance.now();
    const owed = Math.max(this.#updates.owe(1, now), this.#bytes.owe(bytes, now));
    if ((owed <= 0 && !this.#room.isFull && waiting < waitingMax) || this.#socket.isPaused) return;
    this.#socket.pause();
    if (this.#room.isFull) this.#room.afterCommit(() => this.#socket.resume());
    else setTimeout(() => this.#socket.resume(), Math.max(owed, 10));
  }
}
