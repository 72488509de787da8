import { pendingBytesMax } from "#lib/protocol/limits.ts";
import type { Peer } from "./peer.ts";
import type { NewUpdate } from "./store.ts";

/** An update on its way to the database, and who handed it in. */
export type Pending = {
  readonly update: NewUpdate;
  readonly peer: Peer | undefined /** When it was accepted, in ms of `performance.now()`. */;
  readonly at: number;
};

/** How many updates one statement carries at most. */
const batchMax = 256;

/**
 * What a room has accepted and not yet committed, in order: one batch is under way at a time, the next one is whatever came in meanwhile.
 * Whoever must not speak of uncommitted text waits here.
 */
export class CommitQueue {
  readonly #turn: () => Promise<void>;
  readonly #commit: (batch: readonly Pending[]) => Promise<void>;
  #queue: Pending[] = [];
  #bytes = 0;
  /** Updates accepted and committed since the room was loaded; the difference is in flight. */
  #accepted = 0;
  #committed = 0;
  #waiters: { readonly index: number; readonly run: () => void }[] = [];
  #running: Promise<void> | undefined;
  #isStopped = false;
  #underWay: readonly Pending[] = [];

  /** `turn` resolves when a batch can be handed in, which takes all that came until then; `commit` calls `noteCommitted` when the batch is in the database, and resolves in any case. */
  constructor(turn: () => Promise<void>, commit: (batch: readonly Pending[]) => Promise<void>) {
    this.#turn = turn;
    this.#commit = commit;
  }

  /** Whether anything is accepted and not yet committed. */
  get isBusy(): boolean {
    return this.#accepted > this.#committed;
  }

  /** Whether sockets should not be read for now: the database is behind. */
  get isFull(): boolean {
    return this.#bytes > pendingBytesMax;
  }

  /** When the oldest update was accepted that is not committed yet. */
  get oldestAt(): number | undefined {
    return this.#underWay[0]?.at ?? this.#queue[0]?.at;
  }

  push(pending: Pending): void {
    this.#queue.push(pending);
    this.#accepted += 1;
    this.#bytes += pending.update.payload.length;
    this.#running ??= this.#commitAll();
  }

  /** Runs `run` once everything accepted so far is committed; never, when that fails. */
  afterCommit(run: () => void): void {
    if (this.#accepted === this.#committed) run();
    else this.#waiters.push({ index: this.#accepted, run });
  }

  /** A batch is in the database: answers that waited for it leave now. */
  noteCommitted(batch: readonly Pending[]): void {
    this.#committed += batch.length;
    for (const pending of batch) this.#bytes -= pending.update.payload.length;
    // They stand in the order of what they wait for.
    const later = this.#waiters.findIndex((waiter) => waiter.index > this.#committed);
    for (const waiter of this.#waiters.splice(0, later < 0 ? this.#waiters.length : later)) waiter.run();
  }

  /** Waits until no statement is under way. */
  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Forgets what is not committed; it is still with its author. */
  stop(): void {
    this.#isStopped = true;
    this.#waiters = [];
    this.#queue = [];
  }

  async #commitAll(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#isStopped) {
        await this.#turn();
        if (this.#isStopped) return;
        this.#underWay = this.#queue.splice(0, batchMax);
        await this.#commit(this.#underWay);
      }
    } finally {
      this.#underWay = [];
      this.#running = undefined;
    }
  }
}
