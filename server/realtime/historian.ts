import type pg from "pg";
import type { Room } from "./room.ts";
import type { NewUpdate } from "./store.ts";

/** Writes the clauses' histories from the log. */
export class Historian {
  readonly #pool: pg.Pool;
  readonly #quietMs: number;
  readonly #onError: (error: unknown) => void;

  constructor(pool: pg.Pool, quietMs: number, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#quietMs = quietMs;
    this.#onError = onError;
  }

  noteCommit(_room: Room, _updates: readonly NewUpdate[]): void {}
  noteEmpty(_room: Room): void {}
  tick(_now: number): void {}
  async write(_room: Room): Promise<void> {
    void this.#pool;
    void this.#quietMs;
    void this.#onError;
  }
}
