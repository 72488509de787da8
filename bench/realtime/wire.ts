import { connect, type Socket } from "node:net";

/**
 * A WebSocket client that costs next to nothing: frames are masked with zeros, so that they are sent as they are, and what comes in is only
 * cut into messages. It speaks to 127.0.0.1 and to nothing else.
 */
export class Wire {
  readonly #socket: Socket;
  readonly #onMessage: (message: Buffer) => void;
  #rest: Buffer = empty;
  #isOpen = false;
  readonly opened: Promise<void>;
  /** Resolves when the socket is gone, for whatever reason. */
  readonly ended: Promise<void>;

  constructor(
    port: number,
    path: string,
    headers: Readonly<Record<string, string>>,
    onMessage: (message: Buffer) => void,
  ) {
    this.#onMessage = onMessage;
    this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n${lines.join("")}\r\n`,
    );
    let onOpen: () => void = () => {};
    let onFail: (error: Error) => void = () => {};
    this.opened = new Promise((resolve, reject) => {
      onOpen = resolve;
      onFail = reject;
    });
    this.opened.catch(() => {});
    this.#socket.on("data", (chunk: Buffer) => {
      const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
      if (this.#isOpen) this.#cut(data);
      else {
        const end = data.indexOf("\r\n\r\n");
        this.#rest = end < 0 ? data : empty;
        if (end < 0) return;
        if (!data.subarray(0, 12).equals(switching)) {
          onFail(new Error(`No socket: ${data.subarray(0, end).toString("latin1").split("\r\n", 1)[0]}`));
          this.#socket.destroy();
          return;
        }
        this.#isOpen = true;
        onOpen();
        this.#cut(data.subarray(end + 4));
      }
    });
    this.#socket.on("error", onFail);
    this.ended = new Promise((resolve) => this.#socket.once("close", () => resolve()));
    this.#socket.on("close", () => {
      onFail(new Error("The socket was closed."));
    });
  }

  /** Sends frames made by `frameOf`. */
  send(frames: Buffer): void {
    this.#socket.write(frames);
  }

  /** Leaves everything that comes unread. */
  pause(): void {
    this.#socket.pause();
  }

  end(): void {
    this.#socket.destroy();
  }

  #cut(data: Buffer): void {
    let at = 0;
    while (data.length - at >= 2) {
      const short = (data[at + 1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length - at < head) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      if (data.length - at - head < length) break;
      const opcode = (data[at] ?? 0) & 0x0f;
      const message = data.subarray(at + head, at + head + length);
      at += head + length;
      if (opcode === 2) this.#onMessage(message);
      else if (opcode === 9) this.send(frameOf(message, 10));
      else if (opcode === 8) this.end();
    }
    this.#rest = at < data.length ? data.subarray(at) : empty;
  }
}

/** A message as one frame of a client. */
export function frameOf(message: Uint8Array, opcode = 2): Buffer {
  const { length } = message;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(head + 4 + length);
  frame[0] = 0x80 | opcode;
  if (head === 2) frame[1] = 0x80 | length;
  else if (head === 4) {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 0x80 | 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(message, head + 4);
  return frame;
}

const empty = Buffer.alloc(0);
const switching = Buffer.from("HTTP/1.1 101");
