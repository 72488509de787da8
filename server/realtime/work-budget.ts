import {
  longWorkBurstMs,
  longWorkMsPerSecond,
  longWorkTurnMs,
  workBurstMs,
  workMsPerSecond,
  workTurnMs,
  workWaitMsMax,
} from "#lib/protocol/limits.ts";
import { Bucket } from "./bucket.ts";

/** When something is called again; a test's own where it must not wait. */
export type Later = {
  /** After so many milliseconds. */
  readonly after: (ms: number, run: () => void) => void;
  /** In the next turn of the event loop, after whatever has come in meanwhile. */
  readonly nextTurn: (run: () => void) => void;
};

/** What whoever takes frames needs of the budget of their sender. */
export type Work = Pick<WorkBudget, "isOwing" | "owedMs" | "charge" | "afterPaid">;

/** Work below this, in ms, is not added up over a turn: it is what nearly every frame costs. */
const noticedMs = 0.25;

/**
 * What the frames of one person may cost of the one event loop that everybody shares, over all their sockets and rooms: some time in each second, much less
 * of it in stretches so long that others notice them, and after a stretch a rest as long, so that those who came meanwhile come first. Whoever
 * owes is not refused: their next frame waits until it is paid.
 */
export class WorkBudget {
  readonly #later: Later;
  readonly #onDebt: (ms: number) => void;
  readonly #all: Bucket;
  readonly #long: Bucket;
  #turnMs = 0;
  #isTurnCounted = false;
  #owesUntil = 0;
  #isOwing = false;
  #waiting: (() => void)[] = [];

  /** `onDebt` is told of each debt, in ms until it is paid; rests between two turns are none. */
  constructor(now: number, later: Later = usualLater, onDebt: (ms: number) => void = () => {}) {
    this.#later = later;
    this.#onDebt = onDebt;
    this.#all = new Bucket(workMsPerSecond, now, workBurstMs);
    this.#long = new Bucket(longWorkMsPerSecond, now, longWorkBurstMs);
  }

  /** Whether nothing more is to be taken for now. */
  get isOwing(): boolean {
    return this.#isOwing;
  }

  /** Milliseconds until the debt is paid; 0 without one. */
  owedMs(now: number): number {
    return this.#isOwing ? Math.max(1, this.#owesUntil - now) : 0;
  }

  /** Work was done that took `ms` and ended now. */
  charge(ms: number, now: number): void {
    const wasLong = this.#turnMs > longWorkTurnMs;
    if (this.#isTurnCounted || ms >= noticedMs) this.#countTurn(ms);
    const debt = this.#all.owe(ms, now, workWaitMsMax);
    const isLong = this.#turnMs > longWorkTurnMs;
    const longDebt = isLong ? this.#long.owe(wasLong ? ms : this.#turnMs, now, workWaitMsMax) : 0;
    const owed = Math.max(debt, longDebt);
    if (owed > 0) this.#onDebt(owed);
    const rest = this.#turnMs >= workTurnMs ? Math.min(this.#turnMs, workWaitMsMax) : 0;
    if (owed > 0 || rest > 0) this.#wait(Math.max(owed, rest), now);
  }

  /** Calls `run` when the debt is paid, which may be for a moment only: the first of those who wait may owe again. */
  afterPaid(run: () => void): void {
    this.#waiting.push(run);
    if (!this.#isOwing) this.#later.nextTurn(() => this.#callAll());
  }

  /** The milliseconds until nothing is left of what was done: a budget may be forgotten then, and another be as good. */
  fullInMs(now: number): number {
    return Math.max(this.#all.fullInMs(now), this.#long.fullInMs(now));
  }

  #countTurn(ms: number): void {
    this.#turnMs += ms;
    if (this.#isTurnCounted) return;
    this.#isTurnCounted = true;
    this.#later.nextTurn(() => {
      this.#isTurnCounted = false;
      this.#turnMs = 0;
    });
  }

  #wait(ms: number, now: number): void {
    this.#owesUntil = Math.max(this.#owesUntil, now + ms);
    if (this.#isOwing) return;
    this.#isOwing = true;
    this.#awake(ms);
  }

  #awake(ms: number): void {
    const until = this.#owesUntil;
    this.#later.after(ms, () => {
      // It has become more while it was paid.
      if (this.#owesUntil > until) this.#awake(this.#owesUntil - until);
      else {
        this.#isOwing = false;
        this.#callAll();
      }
    });
  }

  #callAll(): void {
    if (this.#isOwing) return;
    for (const run of this.#waiting.splice(0)) run();
  }
}

/** The budgets of all who are in, and of those who are gone and owe. */
export class WorkBudgets {
  readonly #onDebt: (userId: string, ms: number) => void;
  readonly #later: Later;
  readonly #users = new Map<string, { readonly budget: WorkBudget; sockets: number }>();

  constructor(onDebt: (userId: string, ms: number) => void, later: Later = usualLater) {
    this.#onDebt = onDebt;
    this.#later = later;
  }

  get size(): number {
    return this.#users.size;
  }

  /** How many sockets somebody has open. */
  socketsOf(userId: string): number {
    return this.#users.get(userId)?.sockets ?? 0;
  }

  /** One more socket of somebody's. What they owed before they left they still owe. */
  enter(userId: string, now: number): WorkBudget {
    const known = this.#users.get(userId);
    const user = known ?? { budget: new WorkBudget(now, this.#later, (ms) => this.#onDebt(userId, ms)), sockets: 0 };
    user.sockets += 1;
    this.#users.set(userId, user);
    return user.budget;
  }

  /** One of them has ended. */
  leave(userId: string, now: number): void {
    const user = this.#users.get(userId);
    if (!user) return;
    user.sockets -= 1;
    if (user.sockets > 0) return;
    const ms = user.budget.fullInMs(now);
    this.#later.after(ms, () => {
      // Who came back meanwhile is still here, or will leave again.
      if (user.sockets === 0 && user.budget.fullInMs(now + ms) <= 0) this.#users.delete(userId);
    });
  }
}

const usualLater: Later = {
  after: (ms, run) => setTimeout(run, ms).unref(),
  nextTurn: setImmediate,
};
