const minuteMs = 60_000;

/** Counts what happens under a name within a minute, and says when it is too often. Names that are quiet are forgotten. */
export class Attempts {
  readonly #perMinuteMax: number;
  #counts = new Map<string, number>();
  #since = performance.now();

  constructor(perMinuteMax: number) {
    this.#perMinuteMax = perMinuteMax;
  }

  /** One more under this name. */
  note(name: string): void {
    this.#turn();
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Whether there were too many in this minute. */
  isExceeded(name: string): boolean {
    this.#turn();
    return (this.#counts.get(name) ?? 0) >= this.#perMinuteMax;
  }

  #turn(): void {
    if (performance.now() - this.#since < minuteMs) return;
    this.#since = performance.now();
    this.#counts = new Map();
  }
}
