import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { encodeAck, encodeEvent, encodeRefusal, parseFrame } from "#lib/protocol/frames.ts";
import { closeCodes } from "#lib/protocol/messages.ts";
import type { PresentUser } from "#lib/protocol/presence.ts";
import type { Access } from "./access.ts";
import { Feed } from "./feed.ts";
import { Gate } from "./gate.ts";
import { type Author, Intake } from "./intake.ts";
import type { Limits } from "./limits.ts";
import { Outlet } from "./outlet.ts";
import { OwnPresence } from "./own-presence.ts";
import { Pace } from "./pace.ts";
import type { Dismissal } from "./peer.ts";
import { type Farewell, farewellTo, farewellToLate } from "./refusing.ts";
import type { Room } from "./room.ts";
import type { LeaseOutcome, Origin } from "./store.ts";
import { welcomeTo } from "./welcome.ts";
import type { Work } from "./work-budget.ts";

/** What a connection needs beside its room. */
export type ConnectionHooks = {
  readonly limits: Limits;
  /** What the frames of its person may cost, on all their sockets. */
  readonly work: Work;
  readonly lease: Author["lease"];
  /** Undefined while the right to write is confirmed; else resolves once it is again, and never when it is lost. */
  readonly confirm: (connection: Connection) => Promise<void> | undefined;
  readonly onRefused: (detail: string) => void;
  readonly onAcknowledged: (ms: number) => void;
  readonly onClose: () => void;
  readonly onError: (error: unknown) => void;
};

/** One socket in one room. Frames are taken strictly in order; what can not be understood ends the connection. */
export class Connection implements Author {
  readonly clientId: number;
  readonly access: Access;
  readonly origin: Origin;
  readonly user: PresentUser;
  readonly #socket: WebSocket;
  readonly #room: Room;
  readonly #hooks: ConnectionHooks;
  readonly #held: Set<number>;
  readonly #pace: Pace;
  readonly #outlet: Outlet;
  readonly #intake: Intake;
  readonly #gate: Gate;
  readonly #feed: Feed;
  readonly #presence: OwnPresence;
  #hasLeft = false;
  #acknowledged = 0;
  #ackScheduled = false;

  constructor(
    socket: WebSocket,
    stream: Duplex,
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
    this.#outlet = new Outlet(socket, stream, hooks.limits);
    this.#intake = new Intake(room, this, (bytes) => this.#take(bytes));
    this.#gate = new Gate(
      () => this.confirm(),
      (bytes) => this.#intake.receive(bytes),
    );
    this.#feed = new Feed(room, this.#outlet, this);
    this.#presence = new OwnPresence(room, this);
    this.#pace = new Pace(socket, room, this.#gate, hooks.work);
    this.#pace.watch(stream);
  }

  get roomId(): string {
    return this.#room.row.id;
  }

  get charterId(): string {
    return this.#room.row.charterId;
  }

  get work(): Work {
    return this.#hooks.work;
  }

  get mode(): "write" | "read" {
    return this.access.mode;
  }

  get reason(): string | undefined {
    return this.access.reason;
  }

  /** Since when the oldest update waits for its author's right to be confirmed; undefined when none does. */
  get waitingSince(): number | undefined {
    return this.#gate.waitingSince;
  }

  get isSubscribed(): boolean {
    return this.#feed.isSubscribed;
  }

  /** Takes the socket over, joins the room, and asks for what the client has written while it was away. */
  open(): void {
    this.#socket.on("message", (data, isBinary) => this.#onMessage(data, isBinary));
    this.#socket.on("error", () => this.#socket.terminate());
    this.#socket.on("close", () => this.#onClose());
    this.#room.peers.add(this);
    this.#send(encodeEvent(welcomeTo(this.#room, this.access)));
    if (this.#room.mode === "damaged") this.#send(encodeEvent({ event: "damaged", seq: this.#room.head.seq }));
    // A text that nobody had to read yet may not have to be read for this one either: what it asks for tells.
    if (!this.#room.isUnread) this.#feed.ask();
    this.#presence.enter();
  }

  holds(clientId: number): boolean {
    return this.#held.has(clientId);
  }

  hold(clientId: number): void {
    this.#held.add(clientId);
  }

  confirm(): Promise<void> | undefined {
    return this.access.mode === "write" ? this.#hooks.confirm(this) : undefined;
  }

  lease(clientId: number, hasText: boolean): Promise<LeaseOutcome> {
    return this.#hooks.lease(clientId, hasText);
  }

  sendUpdate(frame: Uint8Array): void {
    this.#outlet.sendUpdate(frame);
  }

  sendPresence(frame: Uint8Array): void {
    if (this.isSubscribed) this.#outlet.sendDroppable(frame);
  }

  sendEvent(frame: Uint8Array): void {
    this.#send(frame);
  }

  dismiss(why: Dismissal): void {
    switch (why.kind) {
      case "closed":
        // Only whoever has words that were not taken is refused; the others come back as readers.
        if (this.#intake.received > this.#acknowledged) this.refuseLate(why.code);
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

  refuseUpdate(reason: string): void {
    this.#end(farewellTo(reason), reason);
  }

  refuseLate(code: "frozen" | "not-drafting" | "damaged"): void {
    this.#end(farewellToLate(code), code);
  }

  fail(error: unknown): void {
    this.#hooks.onError(error);
  }

  noteAcknowledged(ms: number): void {
    this.#hooks.onAcknowledged(ms);
  }

  /** Says why, where there is something to say, and ends the connection. */
  #end(farewell: Farewell, detail: string): void {
    if (farewell.kind === "refuse") {
      this.#hooks.onRefused(detail);
      this.#send(encodeRefusal({ code: farewell.code, detail, message: farewell.message }));
    }
    this.close(farewell.closeCode, detail);
  }

  close(code: number, reason: string): void {
    this.#leave();
    this.#outlet.close(code, reason);
  }

  /** Called every few seconds: speaks to silent clients, ends dead and hopelessly slow ones, brings those that caught up back in step. */
  tick(now: number): void {
    if (!this.#feed.tick(now)) this.close(closeCodes.tooSlow, "too-slow");
    if (this.#outlet.keepAlive(now, this.#hooks.limits.keepAliveMs, () => encodeAck(this.#acknowledged))) return;
    this.#leave();
    this.#socket.terminate();
  }

  #onMessage(data: unknown, isBinary: boolean): void {
    const bytes = data instanceof Uint8Array ? data : undefined;
    if (!isBinary || !bytes) {
      this.refuseUpdate("malformed");
      return;
    }
    this.#room.inbox.push(this.#receive, bytes);
    this.#pace.noteFrame(bytes.length, this.#intake.waiting);
  }

  /** What somebody says who is on the way out is not heard any more. */
  readonly #receive = (bytes: Uint8Array): void => {
    if (!this.#hasLeft) this.#gate.receive(bytes);
  };

  #take(bytes: Uint8Array): void {
    try {
      const frame = parseFrame(bytes);
      if (frame?.kind === "update") {
        this.#intake.takeUpdate(frame.update, frame.isAnswer);
        return;
      }
      const started = performance.now();
      this.#takeOther(frame);
      this.#room.work.note(this.work, started, performance.now());
    } catch (error) {
      this.#hooks.onError(error);
      this.close(closeCodes.broken, "broken");
    }
  }

  #takeOther(frame: Exclude<ReturnType<typeof parseFrame>, { readonly kind: "update" }>): void {
    if (frame === undefined || frame.kind === "step1") this.#intake.endRun();
    switch (frame?.kind) {
      case undefined:
        this.refuseUpdate("malformed");
        return;
      case "step1":
        if (!this.#feed.answer(frame.vector)) this.refuseUpdate("malformed");
        return;
      case "awareness":
        this.#takePresence(frame.states);
        return;
      default:
        this.#feed.answerWhoIsThere();
    }
  }

  #takePresence(states: Uint8Array): void {
    try {
      this.#presence.take(states);
    } catch {
      this.refuseUpdate("malformed");
    }
  }

  acknowledge(count: number): void {
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

  #send(frame: Uint8Array): void {
    this.#outlet.send(frame);
  }

  #onClose(): void {
    this.#leave();
    this.#hooks.onClose();
  }

  #leave(): void {
    this.#hasLeft = true;
    this.#feed.stop();
    this.#gate.close();
    this.#intake.stop();
    if (this.#room.peers.delete(this)) this.#presence.leave();
  }
}
