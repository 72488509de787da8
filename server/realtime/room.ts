import * as Y from "yjs";
import { encodeEvent, encodeUpdate } from "#lib/protocol/frames.ts";
import type { RoomEvent } from "#lib/protocol/messages.ts";
import { type Acceptance, type RoomMode, refusalIn } from "./acceptance.ts";
import { Answers } from "./answers.ts";
import { CommitQueue, type Pending } from "./commit-queue.ts";
import type { Verdict } from "./guard.ts";
import { inspectUpdate } from "./guard.ts";
import { Inbox } from "./inbox.ts";
import { frameOf } from "./outlet.ts";
import type { Dismissal, Peer } from "./peer.ts";
import { Presence } from "./presence.ts";
import { RoomText } from "./room-text.ts";
import { mergeBatch } from "./runs.ts";
import { Shares } from "./shares.ts";
import type { Head, NewUpdate, RoomLog, RoomRow, RoomStore } from "./store.ts";
import { applyAndSweep, giveBack, type Swept } from "./swept-words.ts";
import { TextSize } from "./text-size.ts";
import { TurnWork } from "./turn-work.ts";

/** How a room writes to its log: `turn` resolves when the next batch can be handed in, to `append` with the promise of `RoomStore.append`. */
export type LogWriter = Pick<RoomStore, "append"> & { turn(): Promise<void> };

/** What a room tells the rest of the server. */
export type RoomHooks = {
  /** A batch was committed. */
  readonly onCommit: (room: Room, updates: readonly NewUpdate[], ms: number) => void;
  /** The room was discarded and must be forgotten at once. */
  readonly onDiscard: (room: Room) => void;
};

/**
 * One text being edited. Its document runs ahead of the log by what is being committed; nobody is shown that part: an update reaches peers,
 * an answer to step 1 leaves, and an acknowledgement is given only after the COMMIT of everything the room had
 * accepted until then. If that COMMIT never comes, the document is thrown away with the room.
 */
export class Room {
  readonly row: RoomRow;
  readonly peers = new Set<Peer>();
  readonly inbox: Inbox;
  readonly presence: Presence;
  /** What the frames of this turn have cost here. */
  readonly work = new TurnWork();
  readonly #store: RoomStore;
  readonly #log: LogWriter;
  readonly #hooks: RoomHooks;
  /** Made with the first write: most rooms in memory are only read. */
  #stop: AbortController | undefined;
  readonly #commits: CommitQueue;
  readonly #text: RoomText;
  readonly #size: TextSize;
  readonly #answers: Answers;
  #head: Head;
  #mode: RoomMode;
  #snapshotSeq: number;
  /** An update that the text holds already. */
  #addsNothing: Uint8Array | undefined;
  #lastWriteAt = 0;

  constructor(row: RoomRow, log: RoomLog, store: RoomStore, writer: LogWriter, hooks: RoomHooks) {
    // Copies: 32 bytes that the driver cut out of an answer keep all of it in memory.
    const chain = Uint8Array.from(log.chain);
    this.row = { ...row, lastChain: chain };
    // What a function here names, it keeps: the log that was read must not stay in memory.
    const { seq } = log;
    this.#text = new RoomText(log, () => {
      this.discard({ kind: "reload" });
      void store.rejectSnapshot(this.row.id, seq);
    });
    this.inbox = new Inbox(this.#text);
    this.#store = store;
    this.#log = writer;
    this.#commits = new CommitQueue(
      () => writer.turn(),
      (batch) => this.#commit(batch),
    );
    this.#hooks = hooks;
    this.#head = { seq: log.seq, chain };
    this.#mode = log.isDamaged
      ? { kind: "damaged" }
      : row.isClosed
        ? { kind: "closed", code: "frozen" }
        : { kind: "open" };
    this.#snapshotSeq = log.seq - log.updates.length;
    const shares = new Shares(this.#text, () => store.holdersIn(this.row.id));
    this.#size = new TextSize(this.#text, shares, bytesIn(log));
    this.#answers = new Answers(this.#text);
    this.presence = new Presence(() => this.peers);
  }

  /** The text, uncommitted edits included. */
  get doc(): Y.Doc {
    return this.#text.doc;
  }

  /** How far the log is committed, as far as this server knows. */
  get head(): Head {
    return this.#head;
  }

  get mode(): RoomMode["kind"] {
    return this.#mode.kind;
  }

  /** Whether anything is accepted and not yet committed. */
  get isBusy(): boolean {
    return this.#commits.isBusy;
  }

  /** When its oldest edit was accepted that is not committed yet, in ms of `performance.now()`. */
  get oldestAt(): number | undefined {
    return this.#commits.oldestAt;
  }

  /** The newest update that a snapshot covers; 0 without one. */
  get snapshotSeq(): number {
    return this.#snapshotSeq;
  }

  noteSnapshot(seq: number): void {
    this.#snapshotSeq = Math.max(seq, this.#snapshotSeq);
  }

  /** When the last update was accepted, in ms of `performance.now()`; 0 for never. */
  get lastWriteAt(): number {
    return this.#lastWriteAt;
  }

  /** Whether sockets should not be read for now: the database is behind. */
  get isFull(): boolean {
    return this.#commits.isFull;
  }

  /** Takes an update of a peer, or says why not. What is pending is committed or the peer is dismissed. */
  accept(update: Uint8Array, peer: Peer): Acceptance {
    const verdict = this.inspect(update, peer);
    if (verdict.kind === "refused" || verdict.kind === "nothing") return verdict;
    const closed = refusalIn(this.#mode);
    if (closed) return closed;
    if (verdict.kind === "unleased") return verdict;
    const payload = verdict.update;
    const tooMuch = this.#size.refusalOf(payload, peer);
    if (tooMuch) return { kind: "refused", reason: tooMuch };
    const swept = this.#integrate(payload, peer);
    if (!swept) return { kind: "refused", reason: "unknown-origin" };
    this.#size.add(payload, peer);
    this.#lastWriteAt = performance.now();
    this.#commits.push({ update: { ...peer.origin, payload }, peer, at: this.#lastWriteAt });
    if (swept.size > 0) this.afterCommit(() => giveBack(swept, this.peers));
    return verdict.late.length > 0 ? { kind: "pending", late: verdict.late } : pendingOnly;
  }

  /** Makes it part of the text. Undefined where the guard let something through that Yjs can not take: nothing was stored yet, and a fresh room is clean. */
  #integrate(update: Uint8Array, peer: Peer): Swept | undefined {
    this.#answers.clear();
    let isWhole = false;
    try {
      const swept = applyAndSweep(this.doc, update, peer);
      isWhole = this.doc.store.pendingStructs === null && this.doc.store.pendingDs === null;
      return isWhole ? swept : undefined;
    } finally {
      if (!isWhole) this.discard({ kind: "reload" });
    }
  }

  /** What the guard says of an update, without taking it. */
  inspect(update: Uint8Array, peer: Peer): Verdict {
    // A text only grows, and what is deleted stays so: what added nothing once never will, whoever sends it. A crowd that comes back sends the same.
    if (this.#addsNothing && equalBytes(this.#addsNothing, update)) return { kind: "nothing" };
    if (equalBytes(update, nothing)) return { kind: "nothing" };
    const verdict = inspectUpdate(update, this.doc, (client) => peer.holds(client));
    if (verdict.kind === "nothing" && update.length >= rememberedBytesMin) this.#addsNothing = update.slice();
    return verdict;
  }

  /** Runs `run` once everything accepted so far is committed; never, when that fails. */
  afterCommit(run: () => void): void {
    this.#commits.afterCommit(run);
  }

  /**
   * What to ask a peer with this state vector from: the room's own state vector, uncommitted text included, so send it only after `afterCommit`. Who
   * has nothing is asked for everything while the text was not read: it is nothing, and whatever was typed since.
   */
  vectorFor(vector: Uint8Array | undefined): Uint8Array {
    return this.isUnread && vector && equalBytes(vector, emptyVector) ? emptyVector : Y.encodeStateVector(this.doc);
  }

  /** Somebody is about to type: a text that nobody had to read yet is read now, so that the first letter does not wait for it. */
  expectEdit(): void {
    if (!this.isUnread) return;
    try {
      void this.doc;
    } catch {
      // What can not be read has ended this room already, and been told of; nobody typed anything yet.
    }
  }

  /** Whether it is as the database holds it, and nobody needed more than that. */
  get isUnread(): boolean {
    return this.#text.unread !== undefined;
  }

  /** What a peer with this state vector lacks as a whole frame, uncommitted text included: send it only after `afterCommit`. */
  answerTo(vector: Uint8Array): Uint8Array {
    return this.#answers.frameFor(vector);
  }

  /** Waits until nothing is in flight; false when the room was discarded instead. */
  async settle(): Promise<boolean> {
    await this.#commits.settle();
    return this.#mode.kind !== "discarded";
  }

  /** Stops taking edits for the moments of a freeze, or takes them again. */
  hold(isHeld: boolean): void {
    if (isHeld && this.#mode.kind === "open") this.#mode = { kind: "held" };
    else if (!isHeld && this.#mode.kind === "held") this.#mode = { kind: "open" };
  }

  /** Tells everyone in the room. */
  announce(event: RoomEvent): void {
    const frame = encodeEvent(event);
    for (const peer of this.peers) peer.sendEvent(frame);
  }

  /** Takes over what others appended to the log. With edits in flight their own statement finds out and does it. */
  async catchUp(): Promise<void> {
    if ((await this.settle()) && !this.isBusy) await this.#follow(true);
  }

  /**
   * Brings the room behind rows that a command of the server appended; the edits in flight then go in after them. False where the
   * log was written by another realtime server: that one may have taken other edits of the same clients. With nothing in flight (`isQuiet`)
   * there is nothing for them to clash with.
   */
  async #follow(isQuiet = false): Promise<boolean> {
    const from = this.#head;
    const rest = await this.#store.readLogAfter(this.row.id, from);
    if (this.#mode.kind === "discarded" || this.#head !== from) return false;
    if (rest.isDamaged || rest.updates.length === 0 || (isQuiet && this.isBusy)) return false;
    if (!isQuiet && rest.updates.some((update) => update.via === "socket")) return false;
    for (const update of rest.updates) Y.applyUpdate(this.doc, update.payload);
    this.#answers.clear();
    this.#head = { seq: rest.seq, chain: rest.chain };
    this.#broadcast(encodeUpdate(mergeBatch(rest.updates.map((update) => update.payload))), undefined);
    this.#hooks.onCommit(this, rest.updates, 0);
    return true;
  }

  /** Ends this room: everyone is sent away, what was not committed is forgotten here and still with its author. */
  discard(why: Dismissal): void {
    if (this.#mode.kind === "discarded") return;
    this.#mode = { kind: "discarded" };
    this.#stop?.abort();
    this.presence.stop();
    this.#commits.stop();
    for (const peer of [...this.peers]) peer.dismiss(why);
    this.peers.clear();
    this.#hooks.onDiscard(this);
  }

  async #commit(batch: readonly Pending[]): Promise<void> {
    const started = performance.now();
    this.#stop ??= new AbortController();
    const updates = batch.map((pending) => pending.update);
    const outcome = await this.#log.append(this.row, this.#head, updates, this.#stop.signal);
    if (this.#mode.kind === "discarded") return;
    switch (outcome.kind) {
      case "committed":
        this.#head = outcome.head;
        this.#reveal(batch);
        this.#hooks.onCommit(this, updates, performance.now() - started);
        return;
      case "closed":
        this.discard({ kind: "closed", code: outcome.code });
        return;
      case "fenced":
        if (await this.#follow().catch(() => false)) await this.#commit(batch);
        else this.discard({ kind: "reload" });
        return;
      default:
        this.discard({ kind: "reload" });
    }
  }

  /** After the COMMIT: answers that waited for it leave first, then the batch goes to everyone who has the text. */
  #reveal(batch: readonly Pending[]): void {
    this.#commits.noteCommitted(batch);
    const authors = new Set(batch.map((pending) => pending.peer));
    const merged = mergeBatch(batch.map((pending) => pending.update.payload));
    this.#broadcast(encodeUpdate(merged), authors.size === 1 ? [...authors][0] : undefined);
  }

  #broadcast(message: Uint8Array, except: Peer | undefined): void {
    const frame = frameOf(message);
    for (const peer of this.peers) if (peer !== except && peer.isSubscribed) peer.sendUpdate(frame);
  }
}

function bytesIn({ snapshot, updates }: RoomLog): number {
  return updates.reduce((sum, { payload }) => sum + payload.length, snapshot?.length ?? 0);
}

function equalBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && Buffer.compare(one, other) === 0;
}

/** From here on, in bytes, it is cheaper to recognise an update than to judge it once more. */
const rememberedBytesMin = 256;

/** The update that brings nothing, as the first answer of most clients. */
const nothing = new Uint8Array([0, 0]);
/** The state vector of an empty document. */
const emptyVector = new Uint8Array([0]);

const pendingOnly: Acceptance = { kind: "pending", late: [] };
