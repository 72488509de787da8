import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import fc from "fast-check";
import * as Y from "yjs";
import { clauseElement, seedUpdate } from "#lib/editor/clauses.ts";
import { charterRoot, charterSchema } from "#lib/editor/schema.ts";
import { settleOwnNeighbours } from "#lib/protocol/neighbours.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";
import { shownBy, shownIn } from "./checks.ts";
import { clausesOf, eraseAt, textsOf, wholeAt } from "./edits.ts";

/** A server's room without sockets and without a database: what the guard says decides, a list is the log. */
class Room {
  doc = new Y.Doc({ gc: false });
  readonly log: Uint8Array[] = [];
  /** What was refused, or taken and should not have been. Honest people leave this empty. */
  readonly complaints: string[] = [];

  constructor() {
    this.#apply(seedUpdate(charter("T", clause("a", "A", ["one"]), clause("b", "B", ["two"])), 1));
  }

  take(update: Uint8Array, clients: ReadonlySet<number>): void {
    const verdict = inspectUpdate(update, this.doc, (client) => clients.has(client));
    if (verdict.kind === "refused" || verdict.kind === "unleased") this.complaints.push(JSON.stringify(verdict));
    else if (verdict.kind === "adds") {
      this.#apply(verdict.update);
      if (this.doc.store.pendingStructs || this.doc.store.pendingDs) this.complaints.push("pending");
    } else {
      const before = Buffer.from(Y.encodeStateAsUpdate(this.doc));
      Y.applyUpdate(this.doc, update);
      if (Buffer.compare(before, Buffer.from(Y.encodeStateAsUpdate(this.doc))) !== 0)
        this.complaints.push("something in what adds nothing");
    }
  }

  /** The server dies; a new one reads the log. */
  restart(): void {
    this.doc = new Y.Doc({ gc: false });
    for (const update of this.log) Y.applyUpdate(this.doc, update);
  }

  #apply(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
    this.log.push(update);
  }
}

/** One tab, of our page or of one that anybody may write with Yjs. Tabs of one person share the clientIDs that are leased to that person. */
class Tab {
  doc: Y.Doc;
  undo: Y.UndoManager;
  isOnline = true;
  /** Our page forgets nothing that was deleted, and keeps the text on its device. */
  readonly isOurs: boolean;
  /** What the device keeps. */
  kept: Uint8Array[] = [];
  readonly #clients: Set<number>;
  readonly #room: Room;
  readonly #gc: boolean;
  #outbox: Uint8Array[] = [];

  constructor(room: Room, id: number, clients: Set<number>, gc: boolean) {
    this.#room = room;
    this.#clients = clients;
    this.#gc = gc;
    this.isOurs = !gc && id % 2 === 1;
    [this.doc, this.undo] = this.#open(id, Y.encodeStateAsUpdate(room.doc));
  }

  send(): void {
    for (const update of this.#outbox.splice(0)) this.#room.take(update, this.#clients);
  }

  receive(): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(this.#room.doc, Y.encodeStateVector(this.doc)), "server");
  }

  goOnline(): void {
    this.isOnline = true;
    this.#outbox = [];
    this.#room.take(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(this.#room.doc)), this.#clients);
    this.receive();
  }

  /** The page is loaded again: the text comes from this device, under a fresh clientID, unsent words of the old one in it. */
  reload(id: number): void {
    [this.doc, this.undo] = this.#open(id, Y.encodeStateAsUpdate(this.doc));
    this.goOnline();
  }

  #open(id: number, state: Uint8Array): [Y.Doc, Y.UndoManager] {
    const doc = new Y.Doc({ gc: this.#gc });
    doc.clientID = id;
    this.#clients.add(id);
    if (this.isOurs) settleOwnNeighbours(doc);
    Y.applyUpdate(doc, state, "server");
    this.kept = [state];
    doc.on("update", (update: Uint8Array, from: unknown) => {
      this.kept.push(update);
      if (from !== "server" && this.isOnline) this.#outbox.push(update);
    });
    return [doc, new Y.UndoManager(doc.getXmlFragment(charterRoot), { captureTimeout: 0 })];
  }
}

const actions = [
  "type",
  "type",
  "type",
  "erase",
  "split",
  "move",
  "delete",
  "attribute",
  "undo",
  "redo",
  "offline",
  "online",
  "sync",
  "editor",
  "reference",
  "reload",
  "restart",
] as const;

/** What takes words away with all that stands around them, and brings both back: undone, the undoing undone, each in a place of its own. */
const undoingActions = [
  "type",
  "type",
  "erase",
  "undo",
  "undo",
  "undo",
  "undo",
  "redo",
  "drop",
  "delete",
  "offline",
  "online",
  "sync",
  "sync",
  "editor",
  "reload",
] as const;

/** One deed of one of four tabs, two of which are the same person's. */
export type Step = {
  readonly who: number;
  readonly what: (typeof actions)[number] | (typeof undoingActions)[number];
  readonly at: number;
  readonly words: string;
};

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(3),
  what: fc.constantFrom(...actions),
  at: fc.nat(1_000),
  words: fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }).map((words) => words.replaceAll("\u0000", "")),
});

/** In few places, so that people meet there. */
const undoingStep: fc.Arbitrary<Step> = fc.record({
  who: fc.nat(3),
  what: fc.constantFrom(...undoingActions),
  at: fc.nat(4),
  words: fc.constantFrom("x", "yz", "w"),
});

/** Random histories: what people do, and whether their copies forget what is deleted. */
export const histories = fc.tuple(fc.array(step, { minLength: 5, maxLength: 60, size: "max" }), fc.boolean());
/** The same of people who mostly undo, each other's words and places too. Their copies forget nothing, as our pages do: Yjs can not undo what it forgot. */
export const undoings: typeof histories = fc.tuple(
  fc.array(undoingStep, { minLength: 20, maxLength: 80, size: "max" }),
  fc.constant(false),
);

/** Plays a history. Gives what was wrong: an honest edit refused, something pending, or texts that differ at the end, in a page opened later too. */
export function playHistory(steps: readonly Step[], gc: boolean): string[] {
  const room = new Room();
  const people = [new Set<number>(), new Set<number>(), new Set<number>()];
  const tabs = [11, 12, 13, 14].map((id, at) => new Tab(room, id, people[at % 3] ?? new Set(), gc));
  let fresh = 101;
  for (const one of steps) {
    const tab = tabs[one.who];
    if (!tab) continue;
    if (one.what === "reload") {
      fresh += 2;
      // Where another's page forgets nothing, its device keeps a form of its own of what was undone twice.
      if (tab.isOurs || gc) tab.reload(fresh);
    } else if (one.what === "restart") {
      room.restart();
      for (const each of tabs) if (each.isOnline) each.goOnline();
    } else play(tab, one);
    tab.send();
  }
  for (const tab of [...tabs, ...tabs]) tab.goOnline();
  const shown = shownIn(room.doc);
  const strays = tabs.filter((tab) => shownIn(tab.doc) !== shown).map(() => "another text");
  const kept = tabs.flatMap((tab) => (tab.isOurs ? [tab.kept, [Y.mergeUpdates(tab.kept)]] : []));
  const copies = [...kept, room.log, [Y.mergeUpdates(room.log)], [Y.encodeStateAsUpdate(room.doc)]];
  const unlike = copies
    .filter((updates) => shownBy(updates) !== shown)
    .map(() => "another text in a page opened later");
  return [...room.complaints, ...strays, ...unlike];
}

function play(tab: Tab, { what, at, words }: Step): void {
  const { doc } = tab;
  const texts = textsOf(doc);
  const text = texts[at % Math.max(1, texts.length)];
  switch (what) {
    case "type":
      text?.insert(wholeAt(text, at % (text.length + 1)), words);
      return;
    case "erase":
      if (text && text.length > 0) eraseAt(text, at % text.length);
      return;
    case "undo":
      tab.undo.undo();
      return;
    case "redo":
      tab.undo.redo();
      return;
    case "offline":
      tab.isOnline = false;
      return;
    case "online":
    case "sync":
      if (!tab.isOnline) tab.goOnline();
      tab.receive();
      return;
    default:
      playOnClause(doc, what, at, words);
  }
}

function playOnClause(doc: Y.Doc, what: Step["what"], at: number, words: string): void {
  const fragment = doc.getXmlFragment(charterRoot);
  const clauses = clausesOf(doc);
  const element = clauses[at % Math.max(1, clauses.length)];
  switch (what) {
    case "split":
      fragment.insert(Math.min(1 + (at % (clauses.length + 1)), fragment.length), [
        clauseElement(clause(`n${at}`, words, [words])),
      ]);
      return;
    case "move":
    case "delete": {
      const index = element ? fragment.toArray().indexOf(element) : -1;
      if (!element || index < 0) return;
      const copy = element.clone();
      doc.transact(() => {
        fragment.delete(index, 1);
        if (what === "move") fragment.insert(Math.min(1, fragment.length), [copy]);
      });
      return;
    }
    case "drop":
      if (element && element.length > 1) element.delete(1 + (at % (element.length - 1)), 1);
      return;
    case "attribute":
      // Levels are numbers in this schema.
      (element as Y.XmlElement<{ level: number }> | undefined)?.setAttribute("level", 1 + (at % 3));
      return;
    case "reference": {
      const block = element?.toArray().find((node) => node instanceof Y.XmlElement && node.nodeName === "paragraph");
      const reference = new Y.XmlElement("clauseReference");
      reference.setAttribute("target", "b00000000000");
      if (block instanceof Y.XmlElement) block.push([reference]);
      return;
    }
    default: {
      // The editor itself, which writes the difference of two trees.
      const { doc: node, meta } = initProseMirrorDoc(fragment, charterSchema);
      const json = node.toJSON() as { content: unknown[] };
      json.content.reverse();
      const titleFirst = [json.content.at(-1), ...json.content.slice(0, -1)];
      updateYFragment(doc, fragment, charterSchema.nodeFromJSON({ ...json, content: titleFirst }), meta);
    }
  }
}
