import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { openStore, type Store } from "#lib/data/store.ts";
import { clauseElement } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { insertCharter, paragraphText } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, type Stage, type Tab } from "./stage.ts";

let stage: Stage;
let store: Store;
beforeAll(async () => {
  // The history is written when the test says so, and when the last one leaves.
  stage = await openStage({ quietMs: 3_600_000 });
  store = openStore(stage.database.url, 2);
});
afterAll(async () => {
  await store.close();
  await stage.end();
});

test("texts of one charter whose histories are written at the same moment all get them, numbered without a hole", async () => {
  const own = openStore(stage.database.url, 8);
  const { charterId } = await insertCharter(own.pool);
  const rooms = await Promise.all(
    Array.from({ length: 8 }, async (_, at) => {
      const roomId = await stage.room(clause("b", `Report ${at}`, ["We report."]));
      // Each is the text of a round of its own; a charter has one that is open.
      const roundId = randomUUID();
      await own.pool.query("INSERT INTO draft_round (id, charter_id, number, state) VALUES ($1, $2, $3, 'ADOPTED')", [
        roundId,
        charterId,
        at + 2,
      ]);
      await own.pool.query("UPDATE room SET charter_id = $1, draft_round_id = $2 WHERE id = $3", [
        charterId,
        roundId,
        roomId,
      ]);
      return roomId;
    }),
  );
  await Promise.all(rooms.map((roomId) => recordRevisions(own.db, { roomId, now: new Date() })));
  const { rows } = await own.pool.query<{ number: number }>(
    "SELECT number FROM clause_revision WHERE charter_id = $1 AND clause_id = 'b00000000000' ORDER BY number",
    [charterId],
  );
  expect(rows.map((row) => row.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  await own.close();
});

const sentence = "Signatories answer every report of a flaw within ten days.";

async function twoTabs() {
  const roomId = await stage.room({
    id: "aaaaaaaaaaaa",
    kind: "clause",
    level: 1,
    heading: "",
    body: [{ kind: "p", text: "Begin." }],
  });
  const tabs = [stage.tab(roomId, stage.person("Ada")), stage.tab(roomId, stage.person("Priya"))] as const;
  const areSaved = () =>
    until(() => tabs.every((tab) => tab.provider.state.kind === "saved"), { what: "both tabs to be saved" });
  await areSaved();
  const act = async (tab: Tab, change: (doc: Y.Doc) => void) => {
    tab.doc.transact(() => change(tab.doc));
    await areSaved();
    await until(() => JSON.stringify(tabs[0].text()) === JSON.stringify(tabs[1].text()), {
      what: "both to read the same",
    });
  };
  const record = () => recordRevisions(store.db, { roomId, now: new Date() });
  return { roomId, ada: tabs[0], priya: tabs[1], act, record };
}

/** "3 Ada, 2 Ada/Priya": runs of words by first author and who placed them last, in the newest revision of the clause. */
async function said(tabs: readonly Tab[], clauseId = "aaaaaaaaaaaa"): Promise<string> {
  const row = await store.db.clauseRevision.findFirstOrThrow({ where: { clauseId }, orderBy: { number: "desc" } });
  // The column is written by the code under test alone; a wrong shape fails here.
  const { authors, runs } = row.wordAuthors as { authors: { userId: string }[]; runs: [number, number, number][] };
  const name = (at: number) => tabs.find((tab) => tab.person.userId === authors[at]?.userId)?.person.name ?? "nobody";
  return runs
    .map(([count, first, last]) => `${count} ${first === last ? name(first) : `${name(first)}/${name(last)}`}`)
    .join(", ");
}

/** Enter in the middle: the words behind it are taken out and put into a paragraph of their own, as the editor does. */
function split(doc: Y.Doc, at: number): void {
  const text = paragraphText(doc);
  const tail = text.toString().slice(at);
  text.delete(at, tail.length);
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(tail)]);
  const clause = doc.getXmlFragment(charterRoot).get(1);
  if (!(clause instanceof Y.XmlElement)) throw new Error("There is no clause.");
  clause.insert(2, [paragraph]);
}

test("through a split, a deletion, its undo, a move and a copy in the room, everybody's first words stay theirs", async () => {
  const { ada, priya, act, record } = await twoTabs();
  const tabs = [ada, priya];
  await act(ada, (doc) => {
    const text = paragraphText(doc);
    text.delete(0, text.length);
    text.insert(0, sentence);
  });
  await act(priya, (doc) => split(doc, "Signatories answer every report ".length));
  expect(await record()).toBe(1);
  expect(await said(tabs)).toBe("4 Ada, 6 Ada/Priya");

  const undo = new Y.UndoManager(priya.doc.getXmlFragment(charterRoot), { captureTimeout: 0 });
  await act(priya, (doc) => paragraphText(doc).delete(0, "Signatories answer ".length));
  expect(await record()).toBe(1);
  expect(await said(tabs)).toBe("2 Ada, 6 Ada/Priya");
  await act(priya, () => void undo.undo());
  expect(await record()).toBe(1);
  expect(await said(tabs)).toBe("2 Ada/Priya, 2 Ada, 6 Ada/Priya");

  await act(priya, (doc) => {
    const root = doc.getXmlFragment(charterRoot);
    const clause = root.get(1);
    if (!(clause instanceof Y.XmlElement)) throw new Error("There is no clause.");
    const copy = clause.clone();
    copy.setAttribute("id", "bbbbbbbbbbbb");
    root.insert(2, [copy]);
  });
  await record();
  expect(await said(tabs, "bbbbbbbbbbbb")).toBe("10 Ada/Priya");
  undo.destroy();
});

test("words that are deleted and put back before the history is written make a step of their own, which names who placed them", async () => {
  const { ada, priya, act, record } = await twoTabs();
  // Other words than above: in one charter a copy would be its first author's.
  const other = "Nobody is sued who reports a weakness in good faith.";
  await act(ada, (doc) => {
    const clause = clauseElement({
      id: "cccccccccccc",
      kind: "clause",
      level: 1,
      heading: "",
      body: [{ kind: "p", text: other }],
    });
    doc.getXmlFragment(charterRoot).insert(1, [clause]);
  });
  await record();
  const undo = new Y.UndoManager(priya.doc.getXmlFragment(charterRoot), { captureTimeout: 0 });
  await act(priya, (doc) => paragraphText(doc).delete(0, other.length));
  await act(priya, () => void undo.undo());
  expect(await record()).toBe(1);
  expect(await record()).toBe(0);
  expect(await said([ada, priya], "cccccccccccc")).toBe("10 Ada/Priya");
  const kinds = await store.db.clauseRevision.findMany({
    where: { clauseId: "cccccccccccc" },
    orderBy: { number: "asc" },
  });
  expect(kinds.map((row) => row.kind)).toEqual(["added", "placed"]);
  undo.destroy();
});
