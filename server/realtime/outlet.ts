import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { patienceMsMax, slowestBytesPerSecond } from "#lib/protocol/limits.ts";
import type { Limits } from "./limits.ts";

/** From here on, in bytes, one more write costs less than a copy; what goes to many stays one piece of memory. */
const largeBytes = 16_384;

/**
 * The way out to one socket. What is said in one turn of the event loop leaves in one write. Whoever does not read gets nothing more until it
 * has read, then the whole state in one piece; whoever goes on not reading is given up. Whoever reads slowly is waited for.
 */
export class Outlet {
  readonly #socket: WebSocket;
  /** Under the WebSocket, which has no extension that would change a frame: ours are made once for everyone and written as they are. */
  readonly #stream: Duplex;
  readonly #limits: Limits;
  #unsent: Uint8Array[] = [];
  #isLagging = false;
  /** When it was last seen to have read something, while it lags. */
  #progressAt = 0;
  /** What lay unread when it was last looked at. */
  #unread: Unread = { buffered: 0, handed: 0 };
  #lastSentAt = performance.now();
  #isAlive = true;
  /** Until when the slowest line may be busy with the large pieces that were sent; no answer to what was said after them can be expected before. */
  #busyUntil = 0;

  constructor(socket: WebSocket, stream: Duplex, limits: Limits) {
    this.#socket = socket;
    this.#stream = stream;
    this.#limits = limits;
    socket.on("pong", () => {
      this.#isAlive = true;
      this.#busyUntil = 0;
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
    if (this.#isLagging) return;
    if (this.isCrowded) this.lag();
    else this.#push(frame);
  }

  /** Sends what may be left out. */
  sendDroppable(message: Uint8Array): void {
    if (!this.#isLagging && !this.isCrowded) this.send(message);
  }

  /** Whether so much lies unread that nothing should be added. */
  get isCrowded(): boolean {
    return this.#socket.bufferedAmount > this.#limits.bufferedBytesPause;
  }

  /** From here on it gets nothing of the text until it has read what lies there. */
  lag(): void {
    if (this.#isLagging) return;
    this.#isLagging = true;
    this.#progressAt = performance.now();
    this.#unread = this.#measure();
  }

  /** What to do about a reader that lags: nothing yet, bring it back in step, or give it up. Called every few seconds. */
  judgeLag(now: number): "none" | "caught-up" | "hopeless" {
    const before = this.#unread;
    const unread = this.#measure();
    if (unread.buffered > this.#limits.bufferedBytesMax) return "hopeless";
    if (!this.#isLagging) return "none";
    // Both become less only where bytes have left us.
    const hasRead = unread.buffered < before.buffered || unread.handed < before.handed;
    if (hasRead || unread.buffered === 0) this.#progressAt = now;
    this.#unread = unread;
    if (now - this.#progressAt > this.#limits.laggingMsMax) return "hopeless";
    return unread.buffered > this.#limits.bufferedBytesPause / 4 ? "none" : "caught-up";
  }

  /** It gets the whole state now, and from here on every update again. */
  endLag(): void {
    this.#isLagging = false;
  }

  #measure(): Unread {
    return { buffered: this.#socket.bufferedAmount, handed: handedBytes(this.#stream) };
  }

  /** Speaks to a client that has heard nothing for a while; false when it did not answer the last time. */
  keepAlive(now: number, everyMs: number, message: () => Uint8Array): boolean {
    if (this.#socket.readyState !== this.#socket.OPEN || now - this.#lastSentAt < everyMs) return true;
    // Of a socket that is left unread no answer can have come, nor over a line that is still busy with what was sent before we asked.
    if (!this.#isAlive && !this.#socket.isPaused && now > this.#busyUntil) return false;
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
        this.#noteLarge(bytes.length);
        small = [];
      }
    }
    this.#write(small);
  }

  #noteLarge(length: number): void {
    const now = performance.now();
    const busyUntil = Math.max(now, this.#busyUntil) + (length / slowestBytesPerSecond) * 1_000;
    this.#busyUntil = Math.min(busyUntil, now + patienceMsMax);
  }

  #write(pieces: readonly Uint8Array[]): void {
    if (pieces.length > 0) this.#stream.write(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces));
  }
}

/** Bytes that lie unread: what ws counts, piece by piece, and what is left of the piece that is on its way. */
type Unread = { readonly buffered: number; readonly handed: number };

/**
 * How much of what was handed to the operating system it has not taken yet. Node has this for its own timeouts; the public counts go down only once a
 * whole piece is gone, and a text is one piece. 0 where it is not told.
 */
function handedBytes(stream: Duplex): number {
  if (!("_handle" in stream)) return 0;
  const { _handle: handle } = stream;
  if (typeof handle !== "object" || handle === null || !("writeQueueSize" in handle)) return 0;
  return typeof handle.writeQueueSize === "number" ? handle.writeQueueSize : 0;
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
