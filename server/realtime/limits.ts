import {
  bufferedBytesMax,
  bufferedBytesPause,
  failedAttemptsPerMinuteMax,
  failedWithSessionPerMinuteMax,
  keepAliveMs,
  laggingMsMax,
  recheckMs,
  rightsMsMax,
  roomIdleMs,
  upgradeMsMax,
  upgradesPerMinuteMax,
} from "#lib/protocol/limits.ts";

/** Bounds that a test must reach without waiting for them; the product runs with the usual ones. Units are in the names. */
export type Limits = {
  readonly bufferedBytesPause: number;
  readonly bufferedBytesMax: number;
  readonly laggingMsMax: number;
  readonly keepAliveMs: number;
  readonly recheckMs: number;
  readonly rightsMsMax: number;
  readonly roomIdleMs: number;
  readonly upgradeMsMax: number;
  readonly failedAttemptsPerMinuteMax: number;
  readonly failedWithSessionPerMinuteMax: number;
  readonly upgradesPerMinuteMax: number;
  /** How often connections and rooms are looked after. */
  readonly tickMs: number;
  /** How often the connection that hears of changed rights is asked whether it still hears. */
  readonly listenCheckMs: number;
  /** How long a stop waits for histories: what is missing then is made up when the room is opened again. */
  readonly lastHistoriesMsMax: number;
};

/** The numbers of lib/protocol/limits.ts. */
export const usualLimits: Limits = {
  bufferedBytesPause,
  bufferedBytesMax,
  laggingMsMax,
  keepAliveMs,
  recheckMs,
  rightsMsMax,
  roomIdleMs,
  upgradeMsMax,
  failedAttemptsPerMinuteMax,
  failedWithSessionPerMinuteMax,
  upgradesPerMinuteMax,
  tickMs: 3_000,
  listenCheckMs: 500,
  lastHistoriesMsMax: 12_000,
};
