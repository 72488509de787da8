import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import type { Notice, RoomEvent } from "./messages.ts";
import {
  messageAck,
  messageAwareness,
  messageEvent,
  messageRefusal,
  messageSync,
  syncStep1,
  syncStep2,
  syncUpdate,
} from "./messages.ts";

/** One frame as the server reads it. */
export type Frame =
  | { readonly kind: "step1"; readonly vector: Uint8Array }
  | { readonly kind: "update"; readonly update: Uint8Array; readonly isAnswer: boolean }
  | { readonly kind: "awareness"; readonly states: Uint8Array }
  | { readonly kind: "query-awareness" };

/**
 * Parses a frame from a client; undefined when it is none, which ends the connection. Nothing may follow the message.
 * A step 2 is an update too, the answer to our step 1: the way in for what was written offline.
 */
export function parseFrame(bytes: Uint8Array): Frame | undefined {
  const decoder = decoding.createDecoder(bytes);
  try {
    const frame = readFrame(decoder);
    return decoding.hasContent(decoder) ? undefined : frame;
  } catch {
    // lib0 throws at the end of its bytes.
    return undefined;
  }
}

function readFrame(decoder: decoding.Decoder): Frame | undefined {
  const type = decoding.readVarUint(decoder);
  if (type === messageAwareness) return { kind: "awareness", states: decoding.readVarUint8Array(decoder) };
  if (type === 3) return { kind: "query-awareness" };
  if (type !== messageSync) return undefined;
  const step = decoding.readVarUint(decoder);
  const payload = decoding.readVarUint8Array(decoder);
  if (step === syncStep1) return { kind: "step1", vector: payload };
  return step === syncStep2 || step === syncUpdate
    ? { kind: "update", update: payload, isAnswer: step === syncStep2 }
    : undefined;
}

export function encodeStep1(vector: Uint8Array): Uint8Array {
  return sync(syncStep1, vector);
}

export function encodeStep2(update: Uint8Array): Uint8Array {
  return sync(syncStep2, update);
}

export function encodeUpdate(update: Uint8Array): Uint8Array {
  return sync(syncUpdate, update);
}

/** How many sync messages of the connection are committed. */
export function encodeAck(count: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageAck);
    encoding.writeVarUint(encoder, count);
  });
}

export function encodeRefusal(notice: Notice): Uint8Array {
  return json(messageRefusal, notice);
}

export function encodeEvent(event: RoomEvent): Uint8Array {
  return json(messageEvent, event);
}

/** One awareness state; `json` is "null" when its owner left. */
export type PresenceState = { readonly clientId: number; readonly clock: number; readonly json: string };

/** @throws {Error} on bytes that are no awareness update, or hold more than `max` states. */
export function decodePresence(bytes: Uint8Array, max: number): PresenceState[] {
  const decoder = decoding.createDecoder(bytes);
  const count = decoding.readVarUint(decoder);
  if (count > max) throw new RangeError(`An awareness update with ${count} states.`);
  const states: PresenceState[] = [];
  for (let at = 0; at < count; at += 1) {
    states.push({
      clientId: decoding.readVarUint(decoder),
      clock: decoding.readVarUint(decoder),
      json: decoding.readVarString(decoder),
    });
  }
  return states;
}

/** An awareness frame as the stock client reads it. */
export function encodePresence(states: readonly PresenceState[]): Uint8Array {
  return presenceFrame(states.map(encodePresenceState));
}

/** One state as it stands in a frame. */
export function encodePresenceState({ clientId, clock, json }: PresenceState): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, clientId);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, json);
  });
}

/** An awareness frame made of states that are encoded already. */
export function presenceFrame(states: readonly Uint8Array[]): Uint8Array {
  const count = encoding.encode((encoder) => encoding.writeVarUint(encoder, states.length));
  const bytes = states.reduce((sum, state) => sum + state.length, count.length);
  const head = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageAwareness);
    encoding.writeVarUint(encoder, bytes);
  });
  return concat([head, count, ...states], head.length + bytes);
}

function concat(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function sync(step: number, payload: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, messageSync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

function json(type: number, value: unknown): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, type);
    encoding.writeVarString(encoder, JSON.stringify(value));
  });
}
