import { z } from "zod";
import type { RefusalCode } from "#lib/domain/refusal.ts";

/** First byte of a frame: the Yjs sync protocol. */
export const messageSync = 0;
/** First byte of a frame: awareness, spoken by the server for everyone. */
export const messageAwareness = 1;
/** First byte of a frame from the server: how many sync messages of this connection are committed, a varuint. */
export const messageAck = 64;
/** First byte of a frame from the server: why the connection is about to be closed, JSON of `Notice`. */
export const messageRefusal = 65;
/** First byte of a frame from the server: something happened in the room, JSON of `RoomEvent`. */
export const messageEvent = 66;

/** Second byte of a sync frame. */
export const syncStep1 = 0;
export const syncStep2 = 1;
export const syncUpdate = 2;

/** Why a connection ends. `detail` names the rule that was broken, for logs and reports; `message` may be shown. */
export const Notice = z.object({ code: z.string(), detail: z.string().optional(), message: z.string() });
export type Notice = z.infer<typeof Notice>;

/** Text of the reader's own that arrived for a place which somebody had deleted or moved away meanwhile. */
export const LateText = z.object({ clauseId: z.string().nullable(), text: z.string() });
export type LateText = z.infer<typeof LateText>;

/** What the server tells a connection about its room. */
export const RoomEvent = z.discriminatedUnion("event", [
  /** First frame of a connection. `reason` says why it may only read. */
  z.object({
    event: z.literal("welcome"),
    mode: z.enum(["write", "read"]),
    reason: z.string().optional(),
    seq: z.number(),
    generation: z.number(),
  }),
  /** The text is about to be frozen: finish within seconds. */
  z.object({ event: z.literal("freezing") }),
  /** The freeze was called off. */
  z.object({ event: z.literal("thawed") }),
  /** Own words landed in a place that is gone; they are stored, but nobody sees them there. */
  z.object({ event: z.literal("late-text"), texts: z.array(LateText) }),
  /** A row of the stored text is damaged: what is shown is the last good state, and nothing can be written. */
  z.object({ event: z.literal("damaged"), seq: z.number() }),
]);
export type RoomEvent = z.infer<typeof RoomEvent>;

/** Close codes beyond refusals. 4400 to 4499 are final, 4500 to 4599 and those below 4000 mean "come back". */
export const closeCodes = {
  /** The client's text does not continue the server's: a restored room, or a lost edit. A fresh copy is needed. */
  outOfStep: 4412,
  /** Rights or the session may have changed: come back through the door that checks. */
  rightsChanged: 4503,
  /** This clientID belongs to somebody else: pick another and come back. */
  pickAnotherClientId: 4509,
  /** The room was discarded and is loaded again. */
  roomReloaded: 4511,
  restarting: 1012,
  tooSlow: 1013,
  broken: 1011,
} as const;

/** How a refusal closes a socket. */
export const refusalCloseCodes = {
  malformed: 4400,
  "evidence-invalid": 4400,
  "wrong-code": 4400,
  "not-signed-in": 4401,
  expired: 4401,
  "not-permitted": 4403,
  "not-verified": 4403,
  "mandate-missing": 4403,
  "mandate-expired": 4403,
  "not-found": 4404,
  conflict: 4409,
  "already-signed": 4409,
  "text-changed": 4409,
  blocked: 4409,
  "not-drafting": 4410,
  frozen: 4410,
  "not-adopted": 4410,
  "version-closed": 4410,
  "too-large": 4413,
  "not-acknowledged": 4428,
  "too-many": 4529,
  "not-available": 4501,
  unavailable: 4500,
} as const satisfies Record<RefusalCode, number>;
