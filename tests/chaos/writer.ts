import * as Y from "yjs";
import { AcknowledgingProvider } from "#lib/protocol/acknowledging-provider.ts";
import { randomOf } from "#tests/support/random.ts";
import { paragraphText, socketOf } from "#tests/support/room-client.ts";
import { distort, doubleFrames } from "./distorted-frames.ts";
import { type Act, LedgerWriter } from "./ledger.ts";

/** What a writer is told at its start, as JSON in the variable WRITER. */
export type WriterOrder = {
  readonly name: string;
  readonly userId: string;
  readonly url: string;
  readonly roomId: string;
  readonly clauses: number;
  readonly ledger: string;
  readonly seed: number;
  /** Milliseconds between two edits, on the average. */
  readonly pauseMs: number;
  /** Whether its frames are doubled, delayed and swapped. */
  readonly isDistorted: boolean;
};

/** What a writer says of itself. */
export type WriterReport = {
  readonly isConnected: boolean;
  readonly isSaved: boolean;
  readonly state: string;
  readonly sent: number;
  readonly acked: number;
  /** Copies that the server refused, with the reason: a fresh one was opened. */
  readonly refusals: readonly string[];
  /** Words that were refused, and so are with their author and not in the text. */
  readonly givenBack: readonly string[];
};

/**
 * A writer in a process of its own, with the client that browsers have. It puts in tokens that occur nowhere else, takes
 * some out again, and keeps a ledger of what was acknowledged.
 */
class Writer {
  readonly #order: WriterOrder;
  readonly #ledger: LedgerWriter;
  readonly #random: () => number;
  #doc = new Y.Doc({ gc: false });
  #provider: AcknowledgingProvider;
  #inserts: (Act & { readonly clock: number })[] = [];
  #deletes: Act[] = [];
  #own: string[] = [];
  #sent = 0;
  #acked = 0;
  #isWriting = false;
  readonly #refusals: string[] = [];
  readonly #givenBack: string[] = [];

  constructor(order: WriterOrder) {
    this.#order = order;
    this.#ledger = new LedgerWriter(order.ledger);
    this.#random = randomOf(order.seed);
    this.#provider = this.#open();
    this.#next();
  }

  setWriting(isWriting: boolean): void {
    this.#isWriting = isWriting;
  }

  report(): WriterReport {
    this.#note();
    const { state } = this.#provider;
    return {
      isConnected: this.#provider.provider.wsconnected,
      isSaved: state.kind === "saved" && this.#inserts.length + this.#deletes.length === 0,
      state: state.kind,
      sent: this.#sent,
      acked: this.#acked,
      refusals: this.#refusals,
      givenBack: this.#givenBack,
    };
  }

  #open(): AcknowledgingProvider {
    const { url, roomId, userId, isDistorted } = this.#order;
    this.#doc.clientID = this.#fresh();
    const socket = socketOf(userId);
    const provider = new AcknowledgingProvider({
      url,
      roomId,
      doc: this.#doc,
      socket: isDistorted ? distort(socket, this.#random) : socket,
      newClientId: () => this.#fresh(),
    });
    if (isDistorted) doubleFrames(provider.provider, this.#random);
    provider.subscribe((state) => {
      if (state.kind === "refused") queueMicrotask(() => this.#startAfresh(`${state.code} ${state.detail}`));
      else if (state.kind === "saved") this.#note();
    });
    return provider;
  }

  #fresh(): number {
    return Math.floor(this.#random() * 2 ** 32);
  }

  /** What a browser does when its copy is refused: a fresh one beside the words that were not taken. */
  #startAfresh(reason: string): void {
    this.#note();
    this.#provider.destroy();
    this.#refusals.push(reason);
    this.#givenBack.push(...this.#inserts.map((act) => act.token));
    this.#inserts = [];
    this.#deletes = [];
    this.#doc = new Y.Doc({ gc: false });
    this.#provider = this.#open();
  }

  #next(): void {
    const { pauseMs } = this.#order;
    setTimeout(
      () => {
        this.#note();
        if (this.#isWriting && this.#doc.getXmlFragment("charter").length > 0) this.#edit();
        this.#next();
      },
      pauseMs * (0.5 + this.#random()),
    );
  }

  #edit(): void {
    if (this.#own.length > 5 && this.#random() < 0.35) this.#takeOut();
    else this.#putIn();
  }

  #putIn(): void {
    const token = `<${this.#order.name}.${this.#sent}>`;
    this.#sent += 1;
    const text = paragraphText(this.#doc, this.#clause());
    // Between two tokens, never inside of one.
    const ends = [...text.toString().matchAll(/>/g)].map((match) => match.index + 1);
    const at = ends[Math.floor(this.#random() * (ends.length + 1))] ?? text.length;
    const now = Date.now();
    this.#ledger.sent("insert", token, now);
    text.insert(at, token);
    this.#own.push(token);
    this.#inserts.push({ deed: "insert", token, at: now, clock: Y.getState(this.#doc.store, this.#doc.clientID) });
  }

  #takeOut(): void {
    const [token = ""] = this.#own.splice(Math.floor(this.#random() * this.#own.length), 1);
    for (let clause = 0; clause < this.#order.clauses; clause += 1) {
      const text = paragraphText(this.#doc, clause);
      const at = text.toString().indexOf(token);
      if (at < 0) continue;
      const now = Date.now();
      this.#ledger.sent("delete", token, now);
      text.delete(at, token.length);
      this.#deletes.push({ deed: "delete", token, at: now });
    }
  }

  #clause(): number {
    return Math.floor(this.#random() * this.#order.clauses);
  }

  /** Writes down what is acknowledged by now: an insert by its clock, a deletion, which has none, when everything is saved. */
  #note(): void {
    const { state } = this.#provider;
    const isSaved = state.kind === "saved";
    const stored = this.#provider.unsaved().get(this.#doc.clientID) ?? Number.POSITIVE_INFINITY;
    const acked: Act[] = [];
    // Frames that were swapped on their way are acknowledged when all of them are.
    const isClear = isSaved || !this.#order.isDistorted;
    while (isClear && this.#inserts[0] && this.#inserts[0].clock <= stored) acked.push(...this.#inserts.splice(0, 1));
    if (isSaved) acked.push(...this.#deletes.splice(0));
    this.#acked += acked.length;
    this.#ledger.acked(acked, Date.now());
  }
}

const order: WriterOrder = JSON.parse(process.env.WRITER ?? "{}");
const writer = new Writer(order);
process.on("message", (message) => {
  if (message === "write") writer.setWriting(true);
  if (message === "pause") writer.setWriting(false);
  process.send?.(writer.report());
});
process.on("disconnect", () => process.exit(0));
