import type { HeldSeat } from "#lib/auth/room-seat.ts";
import type { Access } from "./access.ts";
import type { Limits } from "./limits.ts";
import type { Dismissal } from "./peer.ts";

/** Somebody in a room, as the watch sees them. */
export type Watched = { readonly access: Access; readonly roomId: string; dismiss(why: Dismissal): void };

type State = {
  /** When the question was put that was last answered with yes, in ms of `performance.now()`. */
  confirmedAt: number;
  /** Whether they wrote since then. */
  isActive: boolean;
  waiting: (() => void)[];
};

/** How many seats one question is about at most: its answer is read in one turn of the event loop. */
const seatsMax = 250;

/**
 * Knows of everyone who is in since when their right to be there is confirmed. Changes are announced, and announcements get lost; so no update is
 * taken on a right that was last seen more than `rightsMsMax` ago. Whoever writes is asked about so often that they never wait for
 * it, in one question for all; whoever only reads, every `recheckMs`.
 */
export class RightsWatch {
  readonly #ask: (held: readonly HeldSeat[]) => Promise<readonly (Access | undefined)[]>;
  readonly #limits: Pick<Limits, "rightsMsMax" | "recheckMs">;
  readonly #onError: (error: unknown) => void;
  readonly #watched = new Map<Watched, State>();
  #isAsking = false;

  constructor(
    ask: (held: readonly HeldSeat[]) => Promise<readonly (Access | undefined)[]>,
    limits: Pick<Limits, "rightsMsMax" | "recheckMs">,
    onError: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#limits = limits;
    this.#onError = onError;
  }

  /** Somebody came in on an answer to a question put at `confirmedAt`. */
  add(one: Watched, confirmedAt: number): void {
    this.#watched.set(one, { confirmedAt, isActive: false, waiting: [] });
  }

  remove(one: Watched): void {
    this.#watched.delete(one);
  }

  /** Undefined when somebody may write now; else a promise that resolves once they may, and never when they may not. */
  confirm(one: Watched): Promise<void> | undefined {
    const state = this.#watched.get(one);
    if (!state) return undefined;
    state.isActive = true;
    if (performance.now() - state.confirmedAt < this.#limits.rightsMsMax) return undefined;
    if (!this.#isAsking) setImmediate(() => void this.look());
    return new Promise((resolve) => state.waiting.push(resolve));
  }

  /** Asks about everyone who is due. Called several times within `rightsMsMax`; a database that does not answer is asked again then. */
  async look(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let due = this.#due(); due.length > 0; due = this.#due()) await this.#askAbout(due.slice(0, seatsMax));
    } catch (error) {
      // Nobody who is not confirmed writes meanwhile.
      this.#onError(error);
    } finally {
      this.#isAsking = false;
    }
  }

  #due(): [Watched, State][] {
    const now = performance.now();
    return [...this.#watched].filter(([, { confirmedAt, isActive, waiting }]) => {
      const age = now - confirmedAt;
      return waiting.length > 0 || age > this.#limits.recheckMs || (isActive && age > this.#limits.rightsMsMax / 2);
    });
  }

  async #askAbout(due: readonly [Watched, State][]): Promise<void> {
    const askedAt = performance.now();
    const held = due.map(([{ access, roomId }, { isActive }]) => ({ sessionId: access.sessionId, roomId, isActive }));
    const answers = await this.#ask(held);
    for (const [at, [one, state]] of due.entries()) {
      if (isSame(one.access, answers[at])) this.#confirmed(state, askedAt);
      else {
        this.#watched.delete(one);
        one.dismiss({ kind: "rights" });
      }
    }
  }

  #confirmed(state: State, askedAt: number): void {
    state.confirmedAt = askedAt;
    state.isActive = false;
    for (const resolve of state.waiting.splice(0)) resolve();
  }
}

function isSame(before: Access, now: Access | undefined): boolean {
  return (
    now !== undefined &&
    now.mode === before.mode &&
    now.actor.userId === before.actor.userId &&
    now.actor.organizationId === before.actor.organizationId
  );
}
