import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { encodeStep2 } from "#lib/protocol/frames.ts";

// The stock provider's look at its socket is an interval; what time it is it asks the real clock.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.useRealTimers();
});

let sockets: SilentSocket[] = [];

/** A socket that is open and says what it is told to. */
class SilentSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  binaryType = "";
  isClosed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: Uint8Array }) => void) | null = null;
  onclose: (() => void) | null = null;

  constructor() {
    super();
    sockets.push(this);
  }
  send(): void {}
  close(): void {
    this.isClosed = true;
  }
}

/** A provider whose socket has opened, and which has heard nothing yet. */
function opened() {
  sockets = [];
  const doc = new Y.Doc({ gc: false });
  const acknowledging = new AcknowledgingProvider({
    url: "ws://charters.example.org/realtime",
    roomId: "room",
    doc,
    // It has all that the provider uses of one.
    socket: SilentSocket as unknown as typeof globalThis.WebSocket,
    newClientId: () => 2,
  });
  const socket = sockets[0];
  if (!socket) throw new Error("There is no socket.");
  socket.onopen?.();
  const { provider } = acknowledging;
  /** Whether the socket is still held when nothing has come for this long. */
  const isHeldAfter = (seconds: number) => {
    provider.wsLastMessageReceived = Date.now() - seconds * 1_000;
    vi.advanceTimersByTime(3_100);
    return !socket.isClosed;
  };
  const hearText = () => socket.onmessage?.({ data: encodeStep2(new Uint8Array([0, 0])) });
  return { acknowledging, provider, isHeldAfter, hearText };
}

test("the first text may take minutes over a slow line: the socket that brings it is not closed", () => {
  const { acknowledging, provider, isHeldAfter, hearText } = opened();
  for (const seconds of [31, 60, 120]) expect(isHeldAfter(seconds), `${seconds} s`).toBe(true);
  hearText();
  expect(provider.synced).toBe(true);
  expect(sockets).toHaveLength(1);
  acknowledging.destroy();
});

test("a socket that never brings a text is given up after two minutes, and asked for anew", () => {
  const { acknowledging, isHeldAfter } = opened();
  expect(isHeldAfter(140)).toBe(false);
  vi.advanceTimersByTime(3_000);
  expect(sockets).toHaveLength(2);
  acknowledging.destroy();
});

test("once the text is there, half a minute of silence is a dead line, as ever", () => {
  const { acknowledging, isHeldAfter, hearText } = opened();
  hearText();
  expect(isHeldAfter(20)).toBe(true);
  expect(isHeldAfter(35)).toBe(false);
  acknowledging.destroy();
});
