import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import type { Limits } from "./limits.ts";

/** From here on, in bytes, one more write costs less than a copy; what goes to many stays one piece of memory. */
const largeBytes = 16_384;

/**
 * The way out to one socket. What is said in one turn of the event loop leaves in one write. Whoever does not read gets nothing more until it
 * has read, then the whole state in one piece; whoever goes on not reading is given up.
 */
export class Outlet {
  readonly #socket: WebSocket;
  /** Under the WebSocket, which has no extension that would change a frame: ours are made once for everyone and written as they are. */
  readonly #stream: Duplex;
  readonly #limits: Limits;
  #unsent: Uint8Array[] = [];
  #laggingSince = 0;
  #lastSentAt = performance.now();
  #isAlive = true;

  constructor(socket: WebSocket, stream: Duplex, limits: Limits) {
    this.#socket = socket;
    this.#stream = stream;
    this.#limits = limits;
    socket.on("pong", () => {
      this.#isAlive = true;
    });
  }

  send(message: Uint8Array): void {
    this.#push(headOf(message.length));
    this.#push(message);
  }

  /** Sends a whole frame, as `frameOf` made it. */
  sendFrame(frame: Uint8Array): void {
    this.#push(frame);
  }

  /** Sends part of the text, as `frameOf` made it; a reader that lags does not get it, and needs the whole state once it has caught up. */
  sendUpdate(frame: Uint8Array): void {
    if (this.#laggingSince > 0) return;
    if (this.isCrowded) this.lag();
    else this.#push(frame);
  }

  /** Sends what may be left out. */
  sendDroppable(message: Uint8Array): void {
    if (this.#laggingSince === 0 && !this.isCrowded) this.send(message);
  }

  /** Whether so much lies unread that nothing should be added. */
  get isCrowded(): boolean {
    return this.#socket.bufferedAmount > this.#limits.bufferedBytesPause;
  }

  /** From here on it gets nothing of the text until it has read what lies there. */
  lag(): void {
    if (this.#laggingSince === 0) this.#laggingSince = performance.now();
  }

  /** What to do about a reader that lags: nothing yet, bring it back in step, or give it up. */
  judgeLag(now: number): "none" | "caught-up" | "hopeless" {
    const buffered = this.#socket.bufferedAmount;
    if (buffered > this.#limits.bufferedBytesMax) return "hopeless";
    if (this.#laggingSince === 0) return "none";
    if (now - this.#laggingSince > this.#limits.laggingMsMax) return "hopeless";
    return buffered > this.#limits.bufferedBytesPause / 4 ? "none" : "caught-up";
  }

  /** It gets the whole state now, and from here on every update again. */
  endLag(): void {
    this.#laggingSince = 0;
  }

  /** Speaks to a client that has heard nothing for a while; false when it did not answer the last time. */
  keepAlive(now: number, everyMs: number, message: () => Uint8Array): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN || now - this.#lastSentAt < everyMs) return true;
    // Of a socket that is left unread no answer can have come.
    if (!this.#isAlive && !this.#socket.isPaused) return false;
    this.#isAlive = false;
    this.#socket.ping();
    this.send(message());
    return true;
  }

  /** Says what is left to say, and good-bye. */
  close(code: number, reason: string): void {
    this.#flush();
    this.#socket.close(code, reason);
  }

  #push(bytes: Uint8Array): void {
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push(bytes);
  }

  #flush(): void {
    const unsent = this.#unsent;
    this.#unsent = [];
    if (unsent.length === 0 || this.#socket.readyState !== this.#socket.OPEN) return;
    this.#lastSentAt = performance.now();
    let small: Uint8Array[] = [];
    for (const bytes of unsent) {
      if (bytes.length < largeBytes) small.push(bytes);
      else {
        this.#write(small);
        this.#write([bytes]);
        small = [];
      }
    }
    this.#write(small);
  }

  #write(pieces: readonly Uint8Array[]): void {
    if (pieces.length > 0) this.#stream.write(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  }
}

/** A message as a frame that can be written to any socket: binary, whole, and as servers do, unmasked. Source: RFC 6455 section 5.2. */
export function frameOf(message: Uint8Array): Uint8Array {
  return Buffer.concat([headOf(message.length), message]);
}

function headOf(length: number): Uint8Array {
  if (length < 126) return Uint8Array.of(0x82, length);
  if (length < 65_536) return Uint8Array.of(0x82, 126, length >> 8, length & 255);
  const head = Buffer.alloc(10);
  head[0] = 0x82;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
