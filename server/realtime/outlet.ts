import type { WebSocket } from "ws";
import type { Limits } from "./limits.ts";

/**
 * The way out to one socket. Whoever does not read gets nothing more until it has read, then the whole state in one piece;
 * whoever goes on not reading is given up.
 */
export class Outlet {
  readonly #socket: WebSocket;
  readonly #limits: Limits;
  #laggingSince = 0;
  #lastSentAt = performance.now();
  #isAlive = true;

  constructor(socket: WebSocket, limits: Limits) {
    this.#socket = socket;
    this.#limits = limits;
    socket.on("pong", () => {
      this.#isAlive = true;
    });
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#lastSentAt = performance.now();
    this.#socket.send(frame);
  }

  /** Sends part of the text; a reader that lags does not get it, and needs the whole state once it has caught up. */
  sendUpdate(frame: Uint8Array): void {
    if (this.#laggingSince > 0) return;
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytesPause) this.#laggingSince = performance.now();
    else this.send(frame);
  }

  /** Sends what may be left out. */
  sendDroppable(frame: Uint8Array): void {
    if (this.#laggingSince === 0 && this.#socket.bufferedAmount <= this.#limits.bufferedBytesPause) this.send(frame);
  }

  /** What to do about a reader that lags: nothing yet, bring it back in step, or give it up. */
  judgeLag(now: number): "none" | "caught-up" | "hopeless" {
    if (this.#laggingSince === 0) return "none";
    const buffered = this.#socket.bufferedAmount;
    if (buffered > this.#limits.bufferedBytesMax || now - this.#laggingSince > this.#limits.laggingMsMax)
      return "hopeless";
    return buffered > this.#limits.bufferedBytesPause / 4 ? "none" : "caught-up";
  }

  /** It gets the whole state now, and from here on every update again. */
  endLag(): void {
    this.#laggingSince = 0;
  }

  /** Speaks to a client that has heard nothing for a while; false when it did not answer the last time. */
  keepAlive(now: number, everyMs: number, frame: () => Uint8Array): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN || now - this.#lastSentAt < everyMs) return true;
    if (!this.#isAlive) return false;
    this.#isAlive = false;
    this.#socket.ping();
    this.send(frame());
    return true;
  }
}
