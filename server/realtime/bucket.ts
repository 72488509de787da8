/** A token bucket that holds one second's worth, or what it is told to hold. */
export class Bucket {
  readonly #perSecond: number;
  readonly #held: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, nowMs: number, held = perSecond) {
    this.#perSecond = perSecond;
    this.#held = held;
    this.#tokens = held;
    this.#at = nowMs;
  }

  /** Takes tokens if they are there. */
  take(count: number, nowMs: number): boolean {
    this.#fill(nowMs);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Takes tokens in any case and gives the milliseconds until the debt is paid; 0 without one. What takes longer than `msMax` is let off. */
  owe(count: number, nowMs: number, msMax = Number.POSITIVE_INFINITY): number {
    this.#fill(nowMs);
    this.#tokens = Math.max(this.#tokens - count, (-msMax / 1000) * this.#perSecond);
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  /** The milliseconds until it holds all that it can. */
  fullInMs(nowMs: number): number {
    this.#fill(nowMs);
    return ((this.#held - this.#tokens) / this.#perSecond) * 1000;
  }

  #fill(nowMs: number): void {
    this.#tokens = Math.min(this.#held, this.#tokens + ((nowMs - this.#at) / 1000) * this.#perSecond);
    this.#at = nowMs;
  }
}
