import * as Y from "yjs";
import { encodeEvent } from "#lib/protocol/frames.ts";
import { bytesPerSecondMax, updatesPerSecondMax } from "#lib/protocol/limits.ts";
import { closeCodes, refusalCloseCodes } from "#lib/protocol/messages.ts";
import type { Acceptance } from "./acceptance.ts";
import type { GuardReason } from "./guard.ts";
import type { Peer } from "./peer.ts";
import type { Room } from "./room.ts";
import { mergeRun } from "./runs.ts";
import type { LeaseOutcome } from "./store.ts";
import type { Work } from "./work-budget.ts";

/** What an intake needs of the connection that it belongs to. */
export type Author = Peer & {
  readonly mode: "write" | "read";
  /** Why it may only read. */
  readonly reason: string | undefined;
  /** What their frames may cost. */
  readonly work: Work;
  /** Takes note that the clientID is the user's own. */
  hold(clientId: number): void;
  /** Whose a clientID is, `hasText` when the room has text of it: then it is not leased any more, and yours only if it was before. */
  lease(clientId: number, hasText: boolean): Promise<LeaseOutcome>;
  /** Undefined while it may write; else resolves once it may again, and never when it may not. */
  confirm(): Promise<void> | undefined;
  /** So long after it came in, an update is committed. */
  noteAcknowledged(ms: number): void;
  acknowledge(count: number): void;
  refuseUpdate(reason: string): void;
  refuseLate(code: "frozen" | "not-drafting" | "damaged"): void;
  close(code: number, reason: string): void;
  fail(error: unknown): void;
};

/** An update, and how many of the connection's messages are committed once it is; 0 where that is not for this one to say. */
type Piece = { readonly update: Uint8Array; readonly count: number };

/** What a run takes at most: merging more costs more than it spares, and what is sent on must not grow without bound. */
const runUpdatesMax = 64;
const runBytesMax = 64 * 1024;

/**
 * The sync messages of one connection on their way into the room, strictly in order. The count of those that are committed is the
 * acknowledgement: it grows only with the room's commits. Updates that came in one turn of the event loop are a run: they are judged, stored and sent
 * on as one, and one by one where that is not taken, so that each is answered as if it had come alone.
 */
export class Intake {
  readonly #room: Room;
  readonly #author: Author;
  /** Frames that wait for a lease, or until what others have cost is paid; undefined while nothing does. */
  #backlog: Uint8Array[] | undefined;
  #take: (bytes: Uint8Array) => void;
  #received = 0;
  #hasAnswered = false;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #run: Piece[] = [];
  #runBytes = 0;
  /** What waits before them, or follows a piece that waits. */
  #rest: Piece[] = [];
  #isStopped = false;

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

  /** Hands a frame on now, or after what an earlier one waits for. */
  receive(bytes: Uint8Array): void {
    if (!this.#backlog && this.#author.work.isOwing) this.#waitForWork([]);
    if (this.#backlog) this.#backlog.push(bytes);
    else this.#take(bytes);
  }

  /** Nothing that waits is wanted any more. */
  stop(): void {
    this.#isStopped = true;
    this.#backlog = undefined;
    this.#run = [];
    this.#rest = [];
  }

  /** Hands the run on: before anything else of this connection is taken, and at the end of the turn. */
  endRun(): void {
    if (this.#run.length === 0) return;
    const run = this.#run;
    this.#run = [];
    this.#runBytes = 0;
    const isWaiting = this.#backlog !== undefined || this.#author.work.isOwing;
    if (isWaiting || run.length === 1 || !this.#acceptWhole(run)) this.#acceptEach(run);
  }

  /**
   * The stock client sends what is typed from the moment its socket opens, before its answer to our step 1 brings what it
   * wrote while it was away. What leans on text that is still to come waits for that answer, with everything after it.
   */
  takeUpdate(update: Uint8Array, isAnswer: boolean): void {
    this.#received += 1;
    if (!isAnswer && this.#hasAnswered && this.#author.mode === "write") {
      this.#addToRun({ update, count: this.#received });
      return;
    }
    this.endRun();
    if (isAnswer) {
      this.#hasAnswered = true;
      const early = this.#early.splice(0);
      this.#acceptEach([
        { update, count: early.length > 0 ? 0 : this.#received },
        ...early.map((one, at) => ({ update: one, count: at === early.length - 1 ? this.#received : 0 })),
      ]);
    } else if (this.#hasAnswered || (this.#early.length === 0 && !this.#isTooEarly(update))) {
      this.#acceptEach([{ update, count: this.#received }]);
    } else {
      this.#early.push(update);
      this.#earlyBytes += update.length;
      if (this.#early.length > updatesPerSecondMax * 10 || this.#earlyBytes > bytesPerSecondMax)
        this.#author.refuseUpdate("gap");
    }
  }

  #addToRun(piece: Piece): void {
    if (this.#runBytes + piece.update.length > runBytesMax || this.#run.length >= runUpdatesMax) this.endRun();
    if (this.#backlog) {
      this.#rest.push(piece);
      return;
    }
    if (this.#run.length === 0) this.#room.inbox.atEnd(this.#endTurn);
    this.#run.push(piece);
    this.#runBytes += piece.update.length;
  }

  readonly #endTurn = (): void => this.#guarded(() => this.endRun());

  /** Nobody stands above this who would catch what is thrown: an error that is ours ends the connection, not the server. */
  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#author.fail(error);
      this.#author.close(closeCodes.broken, "broken");
    }
  }

  #isTooEarly(update: Uint8Array): boolean {
    const started = performance.now();
    const verdict = this.#room.inspect(update, this.#author);
    this.#room.work.note(this.#author.work, started, performance.now());
    return verdict.kind === "refused" && earlyReasons.has(verdict.reason);
  }

  /** Takes a merged run, unless something about it is not as it should be. */
  #acceptWhole(run: readonly Piece[]): boolean {
    const started = performance.now();
    const merged = mergedRun(run);
    const outcome = merged && this.#room.accept(merged.update, this.#author);
    this.#noteWork(outcome, started);
    if (!merged || (outcome?.kind !== "pending" && outcome?.kind !== "nothing")) return false;
    this.#follow(outcome, merged, started);
    return true;
  }

  #noteWork(outcome: Acceptance | undefined, started: number): void {
    // The room has looked at the clock once it had taken it.
    const ended = outcome?.kind === "pending" ? this.#room.lastWriteAt : performance.now();
    this.#room.work.note(this.#author.work, started, ended);
  }

  /** Takes pieces in order; what follows one that waits for a lease waits too, and what follows one that is refused is not taken. */
  #acceptEach(pieces: readonly Piece[]): void {
    if (this.#backlog) {
      this.#rest.push(...pieces);
      return;
    }
    for (const [at, piece] of pieces.entries()) {
      if (this.#isStopped) return;
      if (this.#author.work.isOwing) {
        this.#waitForWork(pieces.slice(at));
        return;
      }
      this.#accept(piece);
      if (!this.#backlog) continue;
      this.#rest = pieces.slice(at + 1);
      return;
    }
  }

  /** Hands an update to the room. */
  #accept(piece: Piece): void {
    const started = performance.now();
    const author = this.#author;
    const outcome =
      author.mode === "write" ? this.#room.accept(piece.update, author) : this.#acceptFromReader(piece.update);
    this.#noteWork(outcome, started);
    switch (outcome.kind) {
      case "pending":
      case "nothing":
        this.#follow(outcome, piece, started);
        return;
      case "unleased":
        this.#backlog = [];
        void this.#leaseAndRetry(piece, outcome.clients);
        return;
      case "closed":
        author.refuseLate(outcome.code);
        return;
      default:
        author.refuseUpdate(outcome.reason);
    }
  }

  /** Acknowledges a piece once it is committed. */
  #follow(outcome: Acceptance & { readonly kind: "pending" | "nothing" }, { count }: Piece, started: number): void {
    const author = this.#author;
    if (outcome.kind === "nothing") {
      this.#room.afterCommit(() => author.acknowledge(count));
      return;
    }
    const { late } = outcome;
    this.#room.afterCommit(() => {
      if (late.length > 0) author.sendEvent(encodeEvent({ event: "late-text", texts: [...late] }));
      author.noteAcknowledged(performance.now() - started);
      author.acknowledge(count);
    });
  }

  /** A reader's answer to our step 1 carries what it deleted and wrote; it passes only when that is nothing new. */
  #acceptFromReader(update: Uint8Array): Acceptance {
    const { kind } = this.#room.inspect(update, this.#author);
    if (kind === "nothing") return { kind: "nothing" };
    if (this.#author.reason === "frozen" || this.#room.mode === "closed") return { kind: "closed", code: "frozen" };
    if (this.#author.reason === "not-drafting") return { kind: "closed", code: "not-drafting" };
    return { kind: "refused", reason: "read-only" };
  }

  /** Everything that follows waits until what their frames have cost is paid. */
  #waitForWork(pieces: readonly Piece[]): void {
    this.#backlog = [];
    this.#rest = [...pieces];
    this.#author.work.afterPaid(() => void this.#retry());
  }

  async #retry(): Promise<void> {
    // Waiting may have taken its time.
    await this.#author.confirm();
    if (!this.#isStopped) this.#room.inbox.atEnd(() => this.#guarded(() => this.#takeWaiting([])));
  }

  #takeWaiting(first: readonly Piece[]): void {
    if (this.#isStopped) return;
    const [backlog, rest] = [this.#backlog ?? [], this.#rest];
    this.#backlog = undefined;
    this.#rest = [];
    this.#acceptEach([...first, ...rest]);
    for (const bytes of backlog) this.receive(bytes);
  }

  async #leaseAndRetry(piece: Piece, clients: readonly number[]): Promise<void> {
    try {
      for (const client of clients.slice(0, 64)) {
        // Another tab of theirs may have got it since this one came in: what that one keeps on the device, this one finds there and sends.
        const outcome = await this.#author.lease(client, Y.getState(this.#room.doc.store, client) > 0);
        if (outcome !== "yours") {
          this.#author.refuseUpdate("not-your-client-id");
          return;
        }
        this.#author.hold(client);
      }
      // The lease may have taken its time.
      await this.#author.confirm();
    } catch (error) {
      this.#author.fail(error);
      this.#author.close(refusalCloseCodes.unavailable, "unavailable");
      return;
    }
    this.#guarded(() => this.#takeWaiting([piece]));
  }
}

/** What is wrong with an update that leans on text which is still to come: to write after it, beside it, or to delete it again. */
const earlyReasons: ReadonlySet<string> = new Set([
  "gap",
  "unknown-origin",
  "delete-of-unknown",
] satisfies GuardReason[]);

/** A run as one update; undefined when it does not go together, which its pieces then tell by themselves. */
function mergedRun(run: readonly Piece[]): Piece | undefined {
  try {
    return { update: mergeRun(run.map((piece) => piece.update)), count: run.at(-1)?.count ?? 0 };
  } catch {
    // Yjs throws many kinds of errors on bytes that are no update.
    return undefined;
  }
}
