import type { WebSocket } from "ws";
import * as Y from "yjs";
import type { RefusalCode } from "#lib/domain/refusal.ts";
import {
  decodePresence,
  encodeAck,
  encodeEvent,
  encodeRefusal,
  encodeStep1,
  encodeStep2,
  parseFrame,
} from "#lib/protocol/frames.ts";
import {
  bufferedBytesMax,
  bufferedBytesPause,
  bytesPerSecondMax,
  laggingMsMax,
  presenceBytesMax,
  presencePerSecondMax,
  recheckMs,
  updatesPerSecondMax,
} from "#lib/protocol/limits.ts";
import { closeCodes, refusalCloseCodes } from "#lib/protocol/messages.ts";
import type { PresentUser } from "#lib/protocol/presence.ts";
import { Bucket } from "./bucket.ts";
import type { Dismissal, Peer, Room } from "./room.ts";
import type { LeaseOutcome, Origin } from "./store.ts";

/** Who is at the other end, as the session says. */
export type RealtimeActor = {
  readonly userId: string;
  readonly name: string;
  readonly organizationId: string;
  readonly organizationName: string;
};

/** What a connection may do, decided at the upgrade. */
export type Access = { readonly actor: RealtimeActor; readonly mode: "write" | "read"; readonly reason?: string };

/** What a connection needs beside its room. */
export type ConnectionHooks = {
  readonly lease: (clientId: number) => Promise<LeaseOutcome>;
  /** Whether the person may still do what was decided at the upgrade. */
  readonly recheck: () => Promise<boolean>;
  readonly onRefused: (detail: string) => void;
  readonly onAcknowledged: (ms: number) => void;
  readonly onClose: () => void;
  readonly onError: (error: unknown) => void;
};

/**
 * One socket in one room. Frames are taken strictly in order; what can not be understood ends the connection. The count of committed sync
 * messages is the acknowledgement: it grows only with the room's commits.
 */
export class Connection implements Peer {
  readonly clientId: number;
  readonly access: Access;
  readonly origin: Origin;
  readonly user: PresentUser;
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #hooks: ConnectionHooks;
  readonly #held: Set<number>;
  readonly #updates: Bucket;
  readonly #bytes: Bucket;
  readonly #presence: Bucket;
  #isSubscribed = false;
  #received = 0;
  #acknowledged = 0;
  #backlog: Uint8Array[] | undefined;
  #hasAnswered = false;
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  #laggingSince = 0;
  #lastSentAt = performance.now();
  #checkedAt = performance.now();
  #isAlive = true;
  #ackScheduled = false;

  constructor(
    socket: WebSocket,
    room: Room,
    clientId: number,
    access: Access,
    user: PresentUser,
    held: readonly number[],
    hooks: ConnectionHooks,
  ) {
    this.#socket = socket;
    this.#room = room;
    this.clientId = clientId;
    this.access = access;
    this.user = user;
    this.origin = { userId: access.actor.userId, organizationId: access.actor.organizationId, via: "socket" };
    this.#held = new Set([...held, clientId]);
    this.#hooks = hooks;
    const now = performance.now();
    this.#updates = new Bucket(updatesPerSecondMax, now);
    this.#bytes = new Bucket(bytesPerSecondMax, now);
    this.#presence = new Bucket(presencePerSecondMax, now);
  }

  get roomId(): string {
    return this.#room.row.id;
  }

  get charterId(): string {
    return this.#room.row.charterId;
  }

  get isSubscribed(): boolean {
    return this.#isSubscribed;
  }

  /** Takes the socket over, joins the room, and asks for what the client has written while it was away. */
  open(): void {
    this.#socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    this.#socket.on("pong", () => {
      this.#isAlive = true;
    });
    this.#socket.on("error", () => this.#socket.terminate());
    this.#socket.on("close", () => this.#onClose());
    this.#room.peers.add(this);
    const mode = this.#room.mode === "open" || this.#room.mode === "held" ? this.access.mode : "read";
    const reason =
      this.#room.mode === "closed" ? "frozen" : this.#room.mode === "damaged" ? "damaged" : this.access.reason;
    this.#send(
      encodeEvent({
        event: "welcome",
        mode,
        ...(reason === undefined ? {} : { reason }),
        seq: this.#room.head.seq,
        generation: this.#room.row.generation,
      }),
    );
    if (this.#room.mode === "damaged") this.#send(encodeEvent({ event: "damaged", seq: this.#room.head.seq }));
    // Asked before we send anything: what the client wrote offline then leaves it before our deletions reach it.
    this.#send(encodeStep1(Y.encodeStateVector(this.#room.doc)));
    this.#room.presence.set(this.clientId, this.user, {});
  }

  holds(clientId: number): boolean {
    return this.#held.has(clientId);
  }

  sendUpdate(frame: Uint8Array): void {
    if (this.#laggingSince > 0) return;
    if (this.#socket.bufferedAmount > bufferedBytesPause) {
      // It gets nothing more until it has read, and then the whole state in one piece.
      this.#laggingSince = performance.now();
      return;
    }
    this.#send(frame);
  }

  sendPresence(frame: Uint8Array): void {
    if (this.#isSubscribed && this.#laggingSince === 0 && this.#socket.bufferedAmount <= bufferedBytesPause)
      this.#send(frame);
  }

  sendEvent(frame: Uint8Array): void {
    this.#send(frame);
  }

  dismiss(why: Dismissal): void {
    switch (why.kind) {
      case "closed":
        // Only whoever has words that were not taken is refused; the others come back as readers.
        if (this.#received > this.#acknowledged) this.refuse(why.code, why.code, closedSentence(why.code));
        else this.close(closeCodes.rightsChanged, why.code);
        return;
      case "reload":
        this.close(closeCodes.roomReloaded, "reloaded");
        return;
      case "rights":
        this.close(closeCodes.rightsChanged, "rights");
        return;
      default:
        this.close(closeCodes.restarting, "restarting");
    }
  }

  /** Says why, and ends the connection for good. */
  refuse(code: RefusalCode, detail: string, message: string, closeCode: number = refusalCloseCodes[code]): void {
    this.#hooks.onRefused(detail);
    this.#send(encodeRefusal({ code, detail, message }));
    this.close(closeCode, detail);
  }

  close(code: number, reason: string): void {
    this.#leave();
    this.#socket.close(code, reason);
  }

  /** Called every few seconds: speaks to silent clients, ends dead and hopelessly slow ones, brings those that caught up back in step. */
  tick(now: number, keepAliveMs: number): void {
    if (now - this.#checkedAt > recheckMs) {
      this.#checkedAt = now;
      void this.#recheck();
    }
    if (this.#laggingSince > 0) this.#tickLagging(now);
    if (this.#socket.readyState !== this.#socket.OPEN || now - this.#lastSentAt < keepAliveMs) return;
    if (!this.#isAlive) {
      this.#leave();
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
    this.#send(encodeAck(this.#acknowledged));
  }

  /** A right that ended by itself, such as a session that ran out, is announced by nobody. */
  async #recheck(): Promise<void> {
    try {
      if (!(await this.#hooks.recheck())) this.dismiss({ kind: "rights" });
    } catch (error) {
      // The database is away; nothing can be written meanwhile either.
      this.#hooks.onError(error);
    }
  }

  #tickLagging(now: number): void {
    const buffered = this.#socket.bufferedAmount;
    if (buffered > bufferedBytesMax || now - this.#laggingSince > laggingMsMax) {
      this.close(closeCodes.tooSlow, "too-slow");
      return;
    }
    if (buffered > bufferedBytesPause / 4) return;
    const state = this.#room.answerTo(new Uint8Array([0]));
    this.#room.afterCommit(() => {
      this.#laggingSince = 0;
      this.#send(encodeStep2(state));
      this.#sendEveryone();
    });
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    const bytes = data instanceof Uint8Array ? data : undefined;
    if (!isBinary || !bytes) {
      this.#refuseMalformed("malformed");
      return;
    }
    this.#receive(bytes);
    this.#throttle(bytes.length);
  }

  /** Takes a frame now, or after the lease that an earlier one waits for. */
  #receive(bytes: Uint8Array): void {
    if (this.#backlog) this.#backlog.push(bytes);
    else this.#take(bytes);
  }

  #take(bytes: Uint8Array): void {
    try {
      const frame = parseFrame(bytes);
      switch (frame?.kind) {
        case undefined:
          this.#refuseMalformed("malformed");
          return;
        case "step1":
          this.#answer(frame.vector);
          return;
        case "update":
          this.#takeUpdate(frame.update, frame.isAnswer);
          return;
        case "awareness":
          this.#takePresence(frame.states);
          return;
        default:
          this.#sendEveryone();
      }
    } catch (error) {
      this.#hooks.onError(error);
      this.close(closeCodes.broken, "broken");
    }
  }

  #answer(vector: Uint8Array): void {
    let update: Uint8Array;
    try {
      update = this.#room.answerTo(vector);
    } catch {
      this.#refuseMalformed("malformed");
      return;
    }
    this.#room.afterCommit(() => {
      this.#isSubscribed = true;
      this.#send(encodeStep2(update));
      this.#sendEveryone();
    });
  }

  /**
   * The stock client sends what is typed from the moment its socket opens, before its answer to our step 1 brings what it
   * wrote while it was away. What leans on text that is still to come waits for that answer, with everything after it.
   */
  #takeUpdate(update: Uint8Array, isAnswer: boolean): void {
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
        this.#refuseUpdate("gap");
    }
  }

  #isTooEarly(update: Uint8Array): boolean {
    const verdict = this.#room.inspect(update, this);
    return verdict.kind === "refused" && (verdict.reason === "gap" || verdict.reason === "unknown-origin");
  }

  #takeEarly(): void {
    const early = this.#early.splice(0);
    for (const [at, update] of early.entries()) this.#accept(update, at === early.length - 1 ? this.#received : 0);
  }

  /** Hands an update to the room; once it is committed, so are the first `count` messages. */
  #accept(update: Uint8Array, count: number): void {
    const started = performance.now();
    const outcome = this.access.mode === "write" ? this.#room.accept(update, this) : this.#acceptFromReader(update);
    switch (outcome.kind) {
      case "pending":
        if (outcome.late.length > 0)
          this.#room.afterCommit(() => this.#send(encodeEvent({ event: "late-text", texts: [...outcome.late] })));
        this.#room.afterCommit(() => {
          this.#hooks.onAcknowledged(performance.now() - started);
          this.#acknowledge(count);
        });
        return;
      case "nothing":
        this.#room.afterCommit(() => this.#acknowledge(count));
        return;
      case "unleased":
        this.#backlog = [];
        void this.#leaseAndRetry(update, outcome.clients, count);
        return;
      case "closed":
        this.refuse(
          outcome.code === "damaged" ? "unavailable" : outcome.code,
          outcome.code,
          closedSentence(outcome.code),
          outcome.code === "damaged" ? 4410 : undefined,
        );
        return;
      default:
        this.#refuseUpdate(outcome.reason);
    }
  }

  /** A reader's answer to our step 1 carries what it deleted and wrote; it passes only when that is nothing new. */
  #acceptFromReader(update: Uint8Array): ReturnType<Room["accept"]> {
    const { kind } = this.#room.inspect(update, this);
    if (kind === "nothing") return { kind: "nothing" };
    if (this.access.reason === "frozen" || this.#room.mode === "closed") return { kind: "closed", code: "frozen" };
    if (this.access.reason === "not-drafting") return { kind: "closed", code: "not-drafting" };
    return { kind: "refused", reason: "read-only" };
  }

  async #leaseAndRetry(update: Uint8Array, clients: readonly number[], count: number): Promise<void> {
    try {
      for (const client of clients.slice(0, 64)) {
        // A clientID whose text is already here without a lease of this user belongs to somebody else.
        const outcome = Y.getState(this.#room.doc.store, client) > 0 ? "taken" : await this.#hooks.lease(client);
        if (outcome !== "yours") {
          this.#refuseUpdate("not-your-client-id");
          return;
        }
        this.#held.add(client);
      }
    } catch (error) {
      this.#hooks.onError(error);
      this.close(refusalCloseCodes.unavailable, "unavailable");
      return;
    }
    const backlog = this.#backlog ?? [];
    this.#backlog = undefined;
    this.#accept(update, count);
    this.#takeEarly();
    for (const bytes of backlog) this.#receive(bytes);
  }

  #acknowledge(count: number): void {
    if (count <= this.#acknowledged) return;
    this.#acknowledged = count;
    if (this.#ackScheduled) return;
    // A batch acknowledges many updates at once; one frame says it.
    this.#ackScheduled = true;
    queueMicrotask(() => {
      this.#ackScheduled = false;
      this.#send(encodeAck(this.#acknowledged));
    });
  }

  #takePresence(bytes: Uint8Array): void {
    if (!this.#presence.take(1, performance.now()) || bytes.length > 64 * presenceBytesMax) return;
    try {
      // The stock client repeats what it hears of others; only what it says of itself counts.
      const own = decodePresence(bytes, 4_096).find((state) => state.clientId === this.clientId);
      if (!own || own.json.length > presenceBytesMax) return;
      const said: unknown = JSON.parse(own.json);
      if (said === null) this.#room.presence.remove(this.clientId);
      else this.#room.presence.set(this.clientId, this.user, said);
    } catch {
      this.#refuseMalformed("malformed");
    }
  }

  #sendEveryone(): void {
    const frame = this.#room.presence.frameFor(this);
    if (frame) this.#send(frame);
  }

  /** Leaves the socket unread for as long as it owes, or while the room waits for the database. */
  #throttle(bytes: number): void {
    const now = performance.now();
    const owed = Math.max(this.#updates.owe(1, now), this.#bytes.owe(bytes, now));
    if (owed <= 0 && !this.#room.isFull && (this.#backlog?.length ?? 0) < 1_000) return;
    if (this.#socket.isPaused) return;
    this.#socket.pause();
    if (this.#room.isFull) this.#room.afterCommit(() => this.#socket.resume());
    else setTimeout(() => this.#socket.resume(), Math.max(owed, 10));
  }

  #refuseUpdate(reason: string): void {
    switch (reason) {
      case "gap":
      case "unknown-origin":
        this.refuse(
          "conflict",
          reason,
          "This copy no longer fits the text on the server. Your own words are kept.",
          closeCodes.outOfStep,
        );
        return;
      case "held":
        // A freeze is being decided: the edit stays with its author, who comes back and hears how it went.
        this.close(closeCodes.roomReloaded, "held");
        return;
      case "too-large":
        this.refuse("too-large", reason, "The text has reached its largest size.");
        return;
      case "read-only":
        this.refuse("not-permitted", reason, "You may read this text, but not change it. Your own words are kept.");
        return;
      default:
        this.#refuseMalformed(reason);
    }
  }

  #refuseMalformed(detail: string): void {
    this.refuse("malformed", detail, "The server could not accept this change.");
  }

  #send(frame: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#lastSentAt = performance.now();
    this.#socket.send(frame);
  }

  #onClose(): void {
    this.#leave();
    this.#hooks.onClose();
  }

  #leave(): void {
    this.#isSubscribed = false;
    this.#backlog = undefined;
    if (!this.#room.peers.delete(this)) return;
    // The same browser may be back already on another socket.
    if (![...this.#room.peers].some((peer) => peer.clientId === this.clientId))
      this.#room.presence.remove(this.clientId);
  }
}

function closedSentence(code: "frozen" | "not-drafting" | "damaged"): string {
  switch (code) {
    case "frozen":
      return "The text was frozen before this edit arrived. Your own words are kept.";
    case "not-drafting":
      return "The text is under review and is not edited now. Your own words are kept.";
    default:
      return "The stored text needs repair and can only be read for now. Your own words are kept.";
  }
}
