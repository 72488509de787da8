import { expect, test } from "vitest";
import * as Y from "yjs";
import { seedUpdate } from "#lib/editor/clauses.ts";
import { deletingBytesMax, ownBytesMax, sharedBytesMax, stateBytesMax } from "#lib/protocol/limits.ts";
import { Shares } from "#server/realtime/shares.ts";
import { TextSize } from "#server/realtime/text-size.ts";
import { textsOf } from "#tests/fuzz/edits.ts";
import { until } from "#tests/support/until.ts";
import { charter, clause } from "#tests/unit/lib/editor/build.ts";

const page = "x".repeat(64 * 1024);

/** A text, and people of two organizations who write into it as a room would let them: evil's clientIDs are 20 and 21, good's is 30. */
function room() {
  const doc = new Y.Doc({ gc: false });
  const seeded = seedUpdate(charter("T", clause("a", "A", ["abc"])), 1);
  Y.applyUpdate(doc, seeded);
  let asked = 0;
  const shares = new Shares({ doc }, async () => {
    asked += 1;
    return new Map([
      [20, "evil"],
      [21, "evil"],
      [30, "good"],
    ]);
  });
  const size = new TextSize({ doc }, shares, seeded.length);
  const edit = (client: number, change: (text: Y.XmlText) => void) => {
    const own = new Y.Doc({ gc: false });
    Y.applyUpdate(own, Y.encodeStateAsUpdate(doc));
    // A document that is given what it wrote itself takes another number.
    own.clientID = client;
    const text = textsOf(own)[1];
    if (!text) throw new Error("There is no text.");
    let update = new Uint8Array();
    own.once("update", (one: Uint8Array) => {
      update = Uint8Array.from(one);
    });
    change(text);
    const author = {
      origin: { userId: null, organizationId: client < 30 ? "evil" : "good", via: "socket" as const },
      holds: (other: number) => other === client,
    };
    const refusal = size.refusalOf(update, author);
    if (refusal) return refusal;
    Y.applyUpdate(doc, update);
    size.add(update, author);
    return "taken";
  };
  const write = (client: number) => edit(client, (text) => text.insert(0, page));
  const fill = (client: number) => {
    for (let left = 64; left > 0; left -= 1) {
      const outcome = write(client);
      if (outcome !== "taken") return outcome;
    }
    return "taken";
  };
  const bytes = () => Y.encodeStateAsUpdate(doc).length;
  return { edit, write, fill, bytes, asked: () => asked };
}

test("whoever fills a text as far as they can leaves the others room to write, and does not get it through a colleague", async () => {
  const { write, fill, bytes, asked } = room();
  expect(fill(20)).toBe("over-share");
  expect(bytes()).toBeLessThan(sharedBytesMax + page.length);
  await until(() => asked() > 0);
  await new Promise((resolve) => setImmediate(resolve));
  expect(fill(21)).toBe("over-share");
  expect(bytes()).toBeLessThan(sharedBytesMax + page.length);
  expect(write(30)).toBe("taken");
});

test("a text that is full takes deletions from everybody: it can be made shorter", async () => {
  const { edit, fill, bytes } = room();
  expect(fill(20)).toBe("over-share");
  expect(fill(30)).toBe("too-large");
  expect(bytes()).toBeGreaterThan(stateBytesMax - 2 * page.length);
  expect(edit(30, (text) => text.insert(0, page))).toBe("too-large");
  expect(edit(30, (text) => text.delete(0, text.length - 3))).toBe("taken");
  expect(deletingBytesMax).toBeGreaterThan(bytes());
});

test("an organization that wrote little of a long text goes on writing", () => {
  const { write, fill } = room();
  expect(fill(20)).toBe("over-share");
  for (let pages = 0; pages < 6; pages += 1) expect(write(30)).toBe("taken");
  expect(6 * page.length).toBeLessThan(ownBytesMax);
});
