/**
 * Lets so many through at a time, in the order in which they came. Who is gone when their turn comes is passed over: when a crowd comes back at once, no
 * work is done for those who have given up, and so everyone gets in, instead of nobody in time.
 */
export class Turnstile {
  readonly #placesMax: number;
  readonly #queue: (() => void)[] = [];
  #taken = 0;

  constructor(placesMax: number) {
    this.#placesMax = placesMax;
  }

  /** The answer of `work` once it is this one's turn; undefined, without any work, for one who is gone by then. */
  async pass<T>(isGone: () => boolean, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#taken >= this.#placesMax) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#taken += 1;
    try {
      return isGone() ? undefined : await work();
    } finally {
      // The place goes on to the next one, or is free.
      const next = this.#queue.shift();
      if (next) next();
      else this.#taken -= 1;
    }
  }
}
