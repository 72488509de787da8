import { initProseMirrorDoc, updateYFragment } from "@tiptap/y-tiptap";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as Y from "yjs";
import { charterTextOf, clauseElement, seedUpdate } from "#lib/editor/clauses.ts";
import { charterRoot, charterSchema } from "#lib/editor/schema.ts";
import { inspectUpdate } from "#server/realtime/guard.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

/** A server's room and the clients that write in it, without sockets: what the guard says decides. */
class Room {
  readonly doc = new Y.Doc({ gc: false });
  readonly refused: string[] = [];
  constructor() {
    Y.applyUpdate(this.doc, seedUpdate(charter("T", clause("a", "A", ["one"]), clause("b", "B", ["two"])), 1));
  }
  take(update: Uint8Array, clients: ReadonlySet<number>): void {
    const verdict = inspectUpdate(update, this.doc, (client) => clients.has(client));
    if (verdict.kind === "refused" || verdict.kind === "unleased") this.refused.push(JSON.stringify(verdict));
    else if (verdict.kind === "adds") {
      Y.applyUpdate(this.doc, update);
      if (this.doc.store.pendingStructs || this.doc.store.pendingDs) this.refused.push("pending");
    } else {
      const before = Buffer.from(Y.encodeStateAsUpdate(this.doc));
      Y.applyUpdate(this.doc, update);
      if (Buffer.compare(before, Buffer.from(Y.encodeStateAsUpdate(this.doc))) !== 0)
        this.refused.push("something in what adds nothing");
    }
  }
}

class Client {
  readonly doc: Y.Doc;
  readonly undo: Y.UndoManager;
  readonly clients: Set<number>;
  isOnline = true;
  #outbox: Uint8Array[] = [];
  readonly room: Room;
  constructor(room: Room, id: number, gc: boolean) {
    this.room = room;
    this.doc = new Y.Doc({ gc });
    this.doc.clientID = id;
    this.clients = new Set([id]);
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(room.doc), "server");
    this.undo = new Y.UndoManager(this.doc.getXmlFragment(charterRoot), { captureTimeout: 0 });
    this.doc.on("update", (update: Uint8Array, from: unknown) => {
      if (from !== "server" && this.isOnline) this.#outbox.push(update);
    });
  }
  send(): void {
    for (const update of this.#outbox.splice(0)) this.room.take(update, this.clients);
  }
  receive(): void {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(this.room.doc, Y.encodeStateVector(this.doc)), "server");
  }
  goOnline(): void {
    this.isOnline = true;
    this.#outbox = [];
    this.room.take(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(this.room.doc)), this.clients);
    this.receive();
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
] as const;
const step = fc.record({
  who: fc.nat(2),
  what: fc.constantFrom(...actions),
  at: fc.nat(1_000),
  words: fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 }),
});

function elements(doc: Y.Doc): Y.XmlElement[] {
  return doc
    .getXmlFragment(charterRoot)
    .toArray()
    .filter((node): node is Y.XmlElement => node instanceof Y.XmlElement && node.nodeName === "clause");
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[at % Math.max(1, list.length)];
}

function texts(doc: Y.Doc): Y.XmlText[] {
  return elements(doc).flatMap((element) =>
    element
      .toArray()
      .flatMap((block) =>
        block instanceof Y.XmlElement
          ? block.toArray().filter((node): node is Y.XmlText => node instanceof Y.XmlText)
          : [],
      ),
  );
}

function play(
  client: Client,
  { what, at, words }: { what: (typeof actions)[number]; at: number; words: string },
): void {
  const { doc } = client;
  const fragment = doc.getXmlFragment(charterRoot);
  const text = pick(texts(doc), at);
  const element = pick(elements(doc), at);
  switch (what) {
    case "type":
      text?.insert(at % (text.length + 1), words.replaceAll("\u0000", ""));
      return;
    case "erase":
      if (text && text.length > 0) text.delete(at % text.length, 1);
      return;
    case "split":
      fragment.insert(Math.min(1 + (at % (elements(doc).length + 1)), fragment.length), [
        clauseElement(clause(`n${at}`, words.replaceAll("\u0000", ""), [words.replaceAll("\u0000", "")])),
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
    case "editor": {
      const { doc: node, meta } = initProseMirrorDoc(fragment, charterSchema);
      const json = node.toJSON() as { content: unknown[] };
      json.content.reverse();
      const titleFirst = [json.content.at(-1), ...json.content.slice(0, -1)];
      updateYFragment(doc, fragment, charterSchema.nodeFromJSON({ ...json, content: titleFirst }), meta);
      return;
    }
    case "undo":
      client.undo.undo();
      return;
    case "redo":
      client.undo.redo();
      return;
    case "offline":
      client.isOnline = false;
      return;
    default:
      if (!client.isOnline) client.goOnline();
      client.receive();
  }
}

const runs = 200;

describe("the guard", () => {
  test(`never refuses what honest editors do: ${runs} random histories of three people`, () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), fc.boolean(), (steps, gc) => {
        const room = new Room();
        const clients = [11, 12, 13].map((id) => new Client(room, id, gc));
        for (const one of steps) {
          const client = clients[one.who];
          if (!client) continue;
          play(client, one);
          client.send();
        }
        for (const client of clients) client.goOnline();
        for (const client of clients) client.goOnline();
        expect(room.refused).toEqual([]);
        for (const client of clients) expect(charterTextOf(client.doc)).toEqual(charterTextOf(room.doc));
      }),
      { numRuns: runs },
    );
  }, 120_000);

  test("mutated updates never throw, never change anybody else's words, and never leave anything pending", () => {
    const room = new Room();
    const author = new Client(room, 11, false);
    const good: Uint8Array[] = [];
    author.doc.on("update", (update: Uint8Array) => good.push(update));
    for (const what of ["type", "split", "reference", "attribute", "type", "move"] as const)
      play(author, { what, at: good.length, words: "abc" });
    author.send();
    const foreign = () => JSON.stringify(charterTextOf(room.doc).clauses.find((one) => one.id === "b00000000000"));
    fc.assert(
      fc.property(
        fc.nat(good.length - 1),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (which, flips) => {
          const bytes = Uint8Array.from(good[which] ?? []);
          for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value;
          const before = foreign();
          const verdict = inspectUpdate(bytes, room.doc, (client) => client === 99);
          // Nobody here holds what the update writes under, so nothing but a deletion may pass.
          if (verdict.kind === "adds") {
            const copy = new Y.Doc({ gc: false });
            Y.applyUpdate(copy, Y.encodeStateAsUpdate(room.doc));
            Y.applyUpdate(copy, bytes);
            expect(copy.store.pendingStructs).toBeNull();
            expect(copy.store.pendingDs).toBeNull();
            copy.destroy();
          }
          expect(foreign()).toBe(before);
        },
      ),
      // The example left a known struct pending that leaned on a client nobody has.
      {
        numRuns: 5_000,
        examples: [
          [
            3,
            [
              [394, 67],
              [65, 0],
            ],
          ],
        ],
      },
    );
  }, 60_000);
});
