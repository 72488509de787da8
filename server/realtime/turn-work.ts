import type { Work } from "./work-budget.ts";

/**
 * What the frames of one turn of the event loop cost in one room. What Yjs does at the end of the turn for all of them together is shared by those who
 * sent them, each by what theirs took.
 */
export class TurnWork {
  readonly #shares = new Map<Pick<Work, "charge">, number>();
  #endedAt = 0;

  /** Something of theirs was taken or refused, from then to then in ms of `performance.now()`. */
  note(budget: Pick<Work, "charge">, startedAt: number, endedAt: number): void {
    const ms = endedAt - startedAt;
    budget.charge(ms, endedAt);
    // After the end of the transaction, and before anything else happens.
    if (this.#shares.size === 0) queueMicrotask(() => this.#settle(performance.now()));
    this.#shares.set(budget, (this.#shares.get(budget) ?? 0) + ms);
    this.#endedAt = endedAt;
  }

  #settle(now: number): void {
    const shares = [...this.#shares];
    this.#shares.clear();
    const total = shares.reduce((sum, [, ms]) => sum + ms, 0);
    for (const [budget, ms] of shares)
      budget.charge((now - this.#endedAt) * (total > 0 ? ms / total : 1 / shares.length), now);
  }
}
