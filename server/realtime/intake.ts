import * as Y from "yjs";
import { encodeEvent } from "#lib/protocol/frames.ts";
import { bytesPerSecondMax, updatesPerSecondMax } from "#lib/protocol/limits.ts";
import { refusalCloseCodes } from "#lib/protocol/messages.ts";
import type { GuardReason } from "./guard.ts";
import type { Peer } from "./peer.ts";
import type { Acceptance, Room } from "./room.ts";
import type { LeaseOutcome } from "./store.ts";

/** What an intake needs of the connection that it belongs to. */
export type Author = Peer & {
  readonly mode: "write" | "read";
  /** Why it may only read. */
  readonly reason: string | undefined;
  /** Takes note that the clientID is the user's own. */
  hold(clientId: number): void;
  lease(clientId: number): Promise<LeaseOutcome>;
  /** So long after it came in, an update is committed. */
  noteAcknowledged(ms: number): void;
  acknowledge(count: number): void;
  refuseUpdate(reason: string): void;
  refuseLate(code: "frozen" | "not-drafting" | "damaged"): void;
  close(code: number, reason: string): void;
  fail(error: unknown): void;
};

/**
 * The sync messages of one connection on their way into the room, strictly in order. The count of those that are committed is the
 * acknowledgement: it grows only with the room's commits.
 */
export class Intake {
  readonly #room: Room;
  readonly #author: Author;
  /** Frames that wait for a lease; undefined while nothing does. */
  #backlog: Uint8Array[] | undefined;
  #take: (bytes: Uint8Array) => void;
  #received = 0;
  #hasAnswered = false;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;

  constructor(room: Room, author: Author, take: (bytes: Uint8Array) => void) {
    this.#room = room;
    this.#author = author;
    this.#take = take;
  }

  /** Sync messages that came in. */
  get received(): number {
    return this.#received;
  }

  /** Frames that wait. */
  get waiting(): number {
    return this.#backlog?.length ?? 0;
  }

  /** Hands a frame on now, or after the lease that an earlier one waits for. */
  receive(bytes: Uint8Array): void {
    if (this.#backlog) this.#backlog.push(bytes);
    else this.#take(bytes);
  }

  /** Nothing that waits is wanted any more. */
  stop(): void {
    this.#backlog = undefined;
  }

  /**
   * The stock client sends what is typed from the moment its socket opens, before its answer to our step 1 brings what it
   * wrote while it was away. What leans on text that is still to come waits for that answer, with everything after it.
   */
  takeUpdate(update: Uint8Array, isAnswer: boolean): void {
    this.#received += 1;
    if (isAnswer) {
      this.#hasAnswered = true;
      this.#accept(update, this.#early.length > 0 ? 0 : this.#received);
      if (!this.#backlog) this.#takeEarly();
    } else if (this.#hasAnswered || (this.#early.length === 0 && !this.#isTooEarly(update))) {
      this.#accept(update, this.#received);
    } else {
      this.#early.push(update);
      this.#earlyBytes += update.length;
      if (this.#early.length > updatesPerSecondMax * 10 || this.#earlyBytes > bytesPerSecondMax)
        this.#author.refuseUpdate("gap");
    }
  }

  #isTooEarly(update: Uint8Array): boolean {
    const verdict = this.#room.inspect(update, this.#author);
    return verdict.kind === "refused" && earlyReasons.has(verdict.reason);
  }

  #takeEarly(): void {
    const early = this.#early.splice(0);
    for (const [at, update] of early.entries()) this.#accept(update, at === early.length - 1 ? this.#received : 0);
  }

  /** Hands an update to the room; once it is committed, so are the first `count` messages. */
  #accept(update: Uint8Array, count: number): void {
    const started = performance.now();
    const author = this.#author;
    const outcome = author.mode === "write" ? this.#room.accept(update, author) : this.#acceptFromReader(update);
    switch (outcome.kind) {
      case "pending":
        if (outcome.late.length > 0)
          this.#room.afterCommit(() => author.sendEvent(encodeEvent({ event: "late-text", texts: [...outcome.late] })));
        this.#room.afterCommit(() => {
          author.noteAcknowledged(performance.now() - started);
          author.acknowledge(count);
        });
        return;
      case "nothing":
        this.#room.afterCommit(() => author.acknowledge(count));
        return;
      case "unleased":
        this.#backlog = [];
        void this.#leaseAndRetry(update, outcome.clients, count);
        return;
      case "closed":
        author.refuseLate(outcome.code);
        return;
      default:
        author.refuseUpdate(outcome.reason);
    }
  }

  /** A reader's answer to our step 1 carries what it deleted and wrote; it passes only when that is nothing new. */
  #acceptFromReader(update: Uint8Array): Acceptance {
    const { kind } = this.#room.inspect(update, this.#author);
    if (kind === "nothing") return { kind: "nothing" };
    if (this.#author.reason === "frozen" || this.#room.mode === "closed") return { kind: "closed", code: "frozen" };
    if (this.#author.reason === "not-drafting") return { kind: "closed", code: "not-drafting" };
    return { kind: "refused", reason: "read-only" };
  }

  async #leaseAndRetry(update: Uint8Array, clients: readonly number[], count: number): Promise<void> {
    try {
      for (const client of clients.slice(0, 64)) {
        // A clientID whose text is already here without a lease of this user belongs to somebody else.
        const outcome = Y.getState(this.#room.doc.store, client) > 0 ? "taken" : await this.#author.lease(client);
        if (outcome !== "yours") {
          this.#author.refuseUpdate("not-your-client-id");
          return;
        }
        this.#author.hold(client);
      }
    } catch (error) {
      this.#author.fail(error);
      this.#author.close(refusalCloseCodes.unavailable, "unavailable");
      return;
    }
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    this.#accept(update, count);
    this.#takeEarly();
    for (const bytes of backlog) this.receive(bytes);
  }
}

/** What is wrong with an update that leans on text which is still to come: to write after it, beside it, or to delete it again. */
const earlyReasons: ReadonlySet<string> = new Set([
  "gap",
  "unknown-origin",
  "delete-of-unknown",
] satisfies GuardReason[]);
