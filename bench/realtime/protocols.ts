import type { World } from "./world.ts";

/** What a message from a server says, as far as a measurement cares. */
export type Heard =
  | { readonly kind: "text"; readonly update: Buffer; readonly isAnswer: boolean }
  | { readonly kind: "asked" }
  | { readonly kind: "acknowledged"; readonly count: number | undefined }
  | { readonly kind: "other" };

/** How one of the servers is spoken to. Rooms are rooms of ours; the others take their id as a name. */
export type Protocol = {
  path(room: string, clientId: number): string;
  headers(person: number): Record<string, string>;
  /** What a client says when its socket is open. */
  hello(room: string, vector: Uint8Array): Uint8Array[];
  /** The answer to the server's question for what it lacks. */
  answer(room: string, update: Uint8Array): Uint8Array;
  update(room: string, update: Uint8Array): Uint8Array;
  hear(room: string, message: Buffer): Heard;
  /** Whether nothing but its own echo tells a client that the server has taken an edit. */
  readonly confirmsByEcho: boolean;
};

/** Ours: an acknowledgement counts the sync messages that are committed, the answer to step 1 among them. */
export function ours(world: World): Protocol {
  return {
    path: (room, clientId) => `/realtime/${room}?clientId=${clientId}`,
    headers: (person) => ({ origin: world.origin, cookie: world.cookieOf(person) }),
    hello: (_room, vector) => [message([0, 0], vector)],
    answer: (_room, update) => message([0, 1], update),
    update: (_room, update) => message([0, 2], update),
    hear: (_room, frame) =>
      frame[0] === 64 ? { kind: "acknowledged", count: readUint(frame, 1).value } : hearSync(frame, 0),
    confirmsByEcho: false,
  };
}

/** Hocuspocus 3.4: every message begins with the name of the text; it confirms an update as soon as it is applied in memory. */
export const hocuspocus: Protocol = {
  path: () => "/",
  headers: () => ({}),
  hello: (room, vector) => [
    message([...nameOf(room), 2, 0], Buffer.from("token")),
    message([...nameOf(room), 0, 0], vector),
  ],
  answer: (room, update) => message([...nameOf(room), 0, 1], update),
  update: (room, update) => message([...nameOf(room), 0, 2], update),
  hear: (room, frame) => {
    const at = room.length + 1;
    return frame[at] === 8 ? { kind: "acknowledged", count: undefined } : hearSync(frame, at);
  },
  confirmsByEcho: false,
};

/** y-websocket 2.1: confirms nothing, but sends every update to its author too. */
export const yWebsocket: Protocol = {
  path: (room) => `/${room}`,
  headers: () => ({}),
  hello: (_room, vector) => [message([0, 0], vector)],
  answer: (_room, update) => message([0, 1], update),
  update: (_room, update) => message([0, 2], update),
  hear: (_room, frame) => hearSync(frame, 0),
  confirmsByEcho: true,
};

function hearSync(frame: Buffer, at: number): Heard {
  // Hocuspocus answers a step 1 with a kind of its own.
  if (frame[at] !== 0 && frame[at] !== 4) return { kind: "other" };
  if (frame[at + 1] === 0) return { kind: "asked" };
  const length = readUint(frame, at + 2);
  return {
    kind: "text",
    update: frame.subarray(length.next, length.next + length.value),
    isAnswer: frame[at + 1] === 1,
  };
}

function nameOf(room: string): number[] {
  return [room.length, ...Buffer.from(room)];
}

function message(head: readonly number[], payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(head), Buffer.from(uint(payload.length)), payload]);
}

/** A number as lib0 writes it. */
export function uint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push(128 | (rest % 128));
  bytes.push(rest);
  return bytes;
}

function readUint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let unit = 1;
  for (let at = from; ; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 127) * unit;
    unit *= 128;
    if (byte < 128) return { value, next: at + 1 };
  }
}
