import { randomUUID } from "node:crypto";
import type { Logger } from "#server/telemetry/log.ts";
import type { Rejected } from "./upgrade.ts";

const minuteMs = 60_000;

/**
 * Writes into the log what is refused before any socket exists. Of each reason the first within a minute is written, with how many there were
 * since the line before: a flood must not fill the disk, and `/metrics` counts every one. No address, no query and no cookie is written.
 */
export class TurnedAway {
  readonly #logger: Pick<Logger, "info">;
  readonly #now: () => number;
  readonly #reasons = new Map<string, { writtenAt: number; count: number }>();

  /** `now` counts milliseconds and never goes back. */
  constructor(logger: Pick<Logger, "info">, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
  }

  note({ status, reason }: Rejected): void {
    const now = this.#now();
    const before = this.#reasons.get(reason);
    const count = (before?.count ?? 0) + 1;
    if (before && now - before.writtenAt < minuteMs) {
      before.count = count;
      return;
    }
    this.#reasons.set(reason, { writtenAt: now, count: 0 });
    this.#logger.info(
      { connection: randomUUID(), status, reason, count },
      "a connection was refused before it was looked who asks",
    );
  }
}
