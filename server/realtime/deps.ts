import type { IncomingMessage } from "node:http";
import type { BlockList } from "node:net";
import type pg from "pg";
import type { HeldSeat } from "#lib/auth/room-seat.ts";
import type { Refusal } from "#lib/domain/refusal.ts";
import type { Logger } from "#server/telemetry/log.ts";
import type { Access } from "./access.ts";
import type { Limits } from "./limits.ts";

/** What the realtime server is given. */
export type RealtimeDeps = {
  readonly pool: pg.Pool;
  /** The one door: session, rights, mode. `clientId` is for the log only. A refusal is thrown or given back. */
  readonly authorize: (request: IncomingMessage, roomId: string, clientId: number) => Promise<Access | Refusal>;
  /** The session that a request names, true or not; undefined when it names none. */
  readonly sessionOf: (request: IncomingMessage) => string | undefined;
  /** What the door would say now of people who are in, in their order; undefined where it would refuse. */
  readonly accessNow: (held: readonly HeldSeat[]) => Promise<readonly (Access | undefined)[]>;
  /** Exact origins, e.g. "https://charters.example.org". */
  readonly allowedOrigins: readonly string[];
  /** Whose word on where a request comes from is taken; this machine's alone when not given. */
  readonly trustedProxies?: BlockList;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly logger: Logger;
  /** Writes a room's clause history up to its newest update; safe to repeat. */
  readonly recordHistory: (roomId: string) => Promise<unknown>;
  /** How long a room must be quiet before its history is written. */
  readonly quietMs?: number;
  /** Other bounds than the usual ones. */
  readonly limits?: Partial<Limits>;
};
