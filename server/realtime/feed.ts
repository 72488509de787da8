import { encodeStep1 } from "#lib/protocol/frames.ts";
import { presenceTickMs } from "#lib/protocol/limits.ts";
import type { Outlet } from "./outlet.ts";
import type { Watcher } from "./presence.ts";
import type { Room } from "./room.ts";
import type { Work } from "./work-budget.ts";

/** What a feed needs of the connection that it belongs to. */
export type Reader = Watcher & { readonly work: Work };

/**
 * The text and who else is there, on their way to one client: what it lacks when it asks, from then on every update, and where it does not read fast enough nothing until it
 * has read, then the whole state. Asks it in turn for what it has and the room does not.
 */
export class Feed {
  readonly #room: Room;
  readonly #outlet: Outlet;
  readonly #reader: Reader;
  #isSubscribed = false;
  #isAsked = false;
  #hasAsked = false;
  /** When it was last told who is there because it asked. */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(room: Room, outlet: Outlet, reader: Reader) {
    this.#room = room;
    this.#outlet = outlet;
    this.#reader = reader;
  }

  /** Whether the client has the text, and so wants what is added to it. */
  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** Asks once for what the client has and the room does not. `vector` is the client's state vector, where it is known. */
  ask(vector?: Uint8Array): void {
    if (this.#isAsked) return;
    const ours = this.#room.vectorFor(vector);
    this.#isAsked = true;
    // What we say we have, the client takes for stored, so it is said after the COMMIT.
    this.#room.afterCommit(() => this.#outlet.send(encodeStep1(ours)));
  }

  /** Gives a client what it lacks; false on bytes that are no state vector. */
  answer(vector: Uint8Array): boolean {
    // Asked before we send anything of the text: what the client wrote offline then leaves it before our deletions reach it.
    this.ask(vector);
    if (this.#hasAsked || this.#outlet.isCrowded) {
      // Clients ask once. Asking again and again, each time from elsewhere, costs one answer every few seconds, the same for all: the whole state.
      this.#isSubscribed = true;
      this.#outlet.lag();
      return true;
    }
    const answer = this.#answerTo(vector);
    if (!answer) return false;
    this.#hasAsked = true;
    this.#room.afterCommit(() => {
      this.#isSubscribed = true;
      this.#outlet.sendFrame(answer);
      this.#sendEveryone();
    });
    return true;
  }

  /** Whoever asks over and over who is there, and does not read, gets no more than one answer in each turn of awareness, and none on top of what lies unread. */
  answerWhoIsThere(): void {
    const now = performance.now();
    if (now - this.#toldAt < presenceTickMs || this.#outlet.isCrowded) return;
    this.#toldAt = now;
    this.#sendEveryone();
  }

  /** Brings a client that lagged back in step once it has read what lies there. False where there is no hope that it will. */
  tick(now: number): boolean {
    const lag = this.#outlet.judgeLag(now);
    if (lag === "hopeless") return false;
    if (lag === "none" || this.#reader.work.isOwing) return true;
    const started = performance.now();
    const state = this.#room.answerTo(nothing);
    this.#room.work.note(this.#reader.work, started, performance.now());
    this.#room.afterCommit(() => {
      this.#outlet.endLag();
      this.#outlet.sendFrame(state);
      this.#sendEveryone();
    });
    return true;
  }

  /** Nothing more is wanted. */
  stop(): void {
    this.#isSubscribed = false;
  }

  #answerTo(vector: Uint8Array): Uint8Array | undefined {
    try {
      return this.#room.answerTo(vector);
    } catch {
      return undefined;
    }
  }

  #sendEveryone(): void {
    const everyone = this.#room.presence.frameFor(this.#reader);
    if (everyone) this.#outlet.send(everyone);
  }
}

/** The state vector of who has nothing. */
const nothing = new Uint8Array([0]);
