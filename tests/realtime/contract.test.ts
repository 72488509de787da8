import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as Y from "yjs";
import { checkRoomLog } from "#lib/data/room-check.ts";
import { appendServerUpdate } from "#lib/data/room-log.ts";
import { ownWords } from "#lib/editor/late-text.ts";
import { decodePresence, parseFrame } from "#lib/protocol/frames.ts";
import { RoomStore } from "#server/realtime/store.ts";
import { paragraphText } from "#tests/support/room-client.ts";
import { until } from "#tests/support/until.ts";
import { clause } from "#tests/unit/lib/editor/build.ts";
import { openStage, rowCount, type Stage, storedText, type Tab } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(async () => {
  await stage.end();
});

const isSaved = (tab: Tab) => tab.provider.state.kind === "saved";
const body = (tab: Tab, at = 0) =>
  tab
    .text()
    .clauses[at]?.body.map((block) => block.text)
    .join(" / ");

async function twoTabs() {
  const roomId = await stage.room(clause("a", "Report", ["We report."]), clause("b", "Patch", ["We patch."]));
  const [alice, bob] = [stage.person("Alice"), stage.person("Bob")];
  const tabs = [stage.tab(roomId, alice), stage.tab(roomId, bob)] as const;
  await until(() => tabs.every(isSaved), { what: "both tabs to be in sync" });
  return { roomId, alice: tabs[0], bob: tabs[1] };
}

/** Holds the database's hand: nothing is committed in the room until the returned function is called. */
async function stopCommits(roomId: string): Promise<() => Promise<void>> {
  const client = await stage.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT 1 FROM room WHERE id = $1 FOR NO KEY UPDATE", [roomId]);
  return async () => {
    await client.query("COMMIT");
    client.release();
  };
}

test("a tab that finds on the device what a younger tab of the same person has not sent yet may send it", async () => {
  const { roomId, alice: older } = await twoTabs();
  const younger = stage.tab(roomId, older.person);
  await until(() => isSaved(younger));
  younger.type(" Promptly.");
  await until(() => isSaved(younger) && body(older) === "We report. Promptly.");
  younger.provider.provider.disconnect();
  younger.type(" And in full.");
  // As the copy on the device does, which all tabs of a browser share.
  Y.applyUpdate(older.doc, Y.encodeStateAsUpdate(younger.doc), "device");
  await until(async () => JSON.stringify(await storedText(stage.pool, roomId)).includes("And in full."));
  await until(() => isSaved(older));
  younger.provider.reconnect();
  await until(() => isSaved(younger));
  expect(body(younger)).toBe("We report. Promptly. And in full.");
});

test("a room that nobody is in is read anew for whoever knows a later generation of it, and no other", async () => {
  const { roomId, alice, bob } = await twoTabs();
  const ends = alice.provider.provider;
  const first = stage.tab(roomId, alice.person, { generation: 2 });
  await until(() => first.provider.state.kind === "refused");
  expect(ends.wsconnected).toBe(true);
  alice.leave();
  bob.leave();
  await stage.pool.query("UPDATE room SET generation = 2 WHERE id = $1", [roomId]);
  // The server may be about to see the two leave.
  await until(async () => {
    const later = stage.tab(roomId, alice.person, { generation: 2 });
    await until(() => later.provider.state.kind === "refused" || isSaved(later));
    return isSaved(later);
  });
});

test.each([
  ["moves", true],
  ["deletes", false],
])(
  "words that somebody writes into a clause while another %s it are given back to them, and nothing that the other saw",
  async (_what, isMoved) => {
    const { alice, bob } = await twoTabs();
    alice.provider.provider.disconnect();
    await until(() => !alice.provider.provider.wsconnected);
    bob.type(" At once.");
    await until(() => isSaved(bob));
    const root = alice.doc.getXmlFragment("charter");
    const clauseElement = root.get(1);
    if (!(clauseElement instanceof Y.XmlElement)) throw new Error("There is no clause.");
    const copy = clauseElement.clone();
    alice.doc.transact(() => {
      root.delete(1, 1);
      if (isMoved) root.insert(2, [copy as Y.XmlElement]);
    });
    alice.provider.reconnect();
    await until(() => bob.events.some(({ event }) => event === "late-text"), { what: "Bob to be told" });
    expect(bob.events.filter(({ event }) => event === "late-text")).toEqual([
      { event: "late-text", texts: [{ clauseId: "a00000000000", text: " At once." }] },
    ]);
    await until(() => isSaved(alice));
    expect(alice.events.every(({ event }) => event === "welcome")).toBe(true);
    // What they have seen is theirs to delete: nobody is told of it.
    bob.type(" Again.");
    await until(() => isSaved(bob) && JSON.stringify(alice.text()).includes("Again."));
    alice.doc.transact(() => root.delete(1, root.length - 1));
    await until(() => isSaved(alice) && bob.text().clauses.length === 0);
    expect(bob.events.filter(({ event }) => event === "late-text")).toHaveLength(1);
  },
);

test("after thousands of visits somebody still comes in: of their clientIDs those stay theirs under which they wrote", async () => {
  const { roomId, alice } = await twoTabs();
  alice.type(" Promptly.");
  await until(() => isSaved(alice));
  alice.leave();
  const { userId, organizationId } = alice.person;
  await stage.pool.query(
    `INSERT INTO client_lease (room_id, client_id, user_id, organization_id)
     SELECT $1, visit, $2, $3 FROM generate_series(1001, 5999) visit ON CONFLICT DO NOTHING`,
    [roomId, userId, organizationId],
  );
  const next = stage.tab(roomId, alice.person);
  await until(() => isSaved(next));
  const { rows } = await stage.pool.query<{ client_id: string }>(
    "SELECT client_id FROM client_lease WHERE room_id = $1 AND user_id = $2",
    [roomId, userId],
  );
  expect(new Set(rows.map((row) => Number(row.client_id)))).toEqual(new Set([alice.doc.clientID, next.doc.clientID]));
});

describe("acknowledged means committed", () => {
  test("nothing is called saved, and no peer sees it, before the COMMIT", async () => {
    const { roomId, alice, bob } = await twoTabs();
    const go = await stopCommits(roomId);
    alice.type(" Promptly.");
    await until(async () => (await stage.realtime.figures.oldestUnacknowledgedMs()) > 0, {
      what: "the server to wait for the COMMIT",
    });
    const late = stage.tab(roomId, stage.person("Carol"));
    await until(() => late.events.length > 0);
    expect(await rowCount(stage.pool, roomId)).toBe(1);
    expect(alice.provider.state.kind).toBe("saving");
    expect(body(bob)).toBe("We report.");
    expect(late.text().clauses).toEqual([]);
    await go();
    await until(() => isSaved(alice) && isSaved(late));
    await until(() => [bob, late].every((tab) => body(tab) === "We report. Promptly."));
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report. Promptly.");
  });

  test("two organizations edit one clause at once and both texts survive", async () => {
    const { roomId, alice, bob } = await twoTabs();
    for (let word = 0; word < 40; word += 1) {
      alice.type(` a${word}`);
      paragraphText(bob.doc).insert(0, `b${word} `);
    }
    await until(() => isSaved(alice) && isSaved(bob));
    await until(() => body(alice) === body(bob));
    for (let word = 0; word < 40; word += 1) {
      expect(body(alice)).toContain(` a${word}`);
      expect(body(alice)).toContain(`b${word} `);
    }
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe(body(alice));
  });

  test("offline work of both sides merges, and is only called saved when it is", async () => {
    const { roomId, alice, bob } = await twoTabs();
    bob.provider.provider.disconnect();
    await until(() => bob.provider.state.kind === "reconnecting");
    bob.type(" Offline words.");
    expect(bob.provider.state).toEqual({ kind: "reconnecting", hasUnsaved: true });
    alice.type(" Online words.");
    await until(() => isSaved(alice));
    bob.provider.provider.connect();
    await until(() => isSaved(bob) && body(alice) === body(bob));
    expect(body(alice)).toContain("Offline words.");
    expect(body(alice)).toContain("Online words.");
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe(body(alice));
  });

  test("what is typed in the instant of coming back is never refused for leaning on offline work", async () => {
    const { roomId, alice, bob } = await twoTabs();
    bob.provider.provider.disconnect();
    bob.type(" Offline");
    bob.provider.provider.on("status", ({ status }) => {
      if (status === "connected") bob.type(" and back.");
    });
    bob.provider.provider.connect();
    await until(() => isSaved(bob) && body(alice) === "We report. Offline and back.");
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report. Offline and back.");
  });

  test("words written offline and taken back in the instant of coming back are refused nobody", async () => {
    const { roomId, alice, bob } = await twoTabs();
    bob.provider.provider.disconnect();
    bob.type(" Offline words");
    bob.provider.provider.on("status", ({ status }) => {
      const text = paragraphText(bob.doc);
      if (status === "connected") text.delete(text.length - " words".length, " words".length);
    });
    bob.provider.provider.connect();
    await until(() => isSaved(bob) && body(alice) === "We report. Offline");
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report. Offline");
  });

  test("a restart keeps everything that was shown as saved, and adds nothing to the log", async () => {
    const { roomId, alice, bob } = await twoTabs();
    alice.type(" Kept.");
    await until(() => isSaved(alice));
    const rows = await rowCount(stage.pool, roomId);
    await stage.restart();
    // A tab that has not heard of the end yet believes that all is well.
    const isBack = (tab: Tab) => tab.events.filter((event) => event.event === "welcome").length > 1 && isSaved(tab);
    await until(() => isBack(alice) && isBack(bob), { what: "both tabs to come back" });
    expect(body(bob)).toBe("We report. Kept.");
    expect(await rowCount(stage.pool, roomId)).toBe(rows);
  });

  test("an answer to COMMIT that was lost is found again, and nothing is written twice", async () => {
    const { roomId, alice } = await twoTabs();
    const before = await rowCount(stage.pool, roomId);
    const query = stage.pool.query.bind(stage.pool);
    let lost = 0;
    const lossy = vi.spyOn(stage.pool, "query").mockImplementation(async (config: unknown, values?: unknown) => {
      // The pool has many ways to be asked; ours are a text with values, or a config.
      const result: unknown = await (query as (config: unknown, values?: unknown) => Promise<unknown>)(config, values);
      if (lost === 0 && JSON.stringify(config).includes("INSERT INTO room_update")) {
        lost += 1;
        throw new Error("the connection was lost");
      }
      return result;
    });
    alice.type(" Once.");
    await until(() => isSaved(alice));
    lossy.mockRestore();
    expect(lost).toBe(1);
    expect(await rowCount(stage.pool, roomId)).toBe(before + 1);
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report. Once.");
  });
});

test("a wording that a command brings back joins edits in flight: nobody is interrupted and nothing is lost", async () => {
  const { roomId, alice, bob } = await twoTabs();
  const client = await stage.pool.connect();
  await client.query("BEGIN");
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(alice.doc));
  const before = Y.encodeStateVector(doc);
  paragraphText(doc, 1).insert(0, "Restored. ");
  const origin = { userId: alice.person.userId, organizationId: alice.person.organizationId, via: "restore" as const };
  await appendServerUpdate(client, roomId, Y.encodeStateAsUpdate(doc, before), origin);
  bob.type(" In flight.");
  await until(() => bob.provider.state.kind === "saving");
  await client.query("COMMIT");
  client.release();
  const isWhole = (tab: Tab) => body(tab) === "We report. In flight." && body(tab, 1) === "Restored. We patch.";
  await until(() => isSaved(bob) && isWhole(alice) && isWhole(bob));
  expect(alice.events.filter((event) => event.event === "welcome")).toHaveLength(1);
  expect(await checkRoomLog(stage.pool, roomId)).toBe(3);
});

test("a wording that a command brings back reaches everyone though the database broke off the reading of it, and the server lives on", async () => {
  const { roomId, alice } = await twoTabs();
  const outages = stage.realtime.figures.outages;
  const broken = vi
    .spyOn(RoomStore.prototype, "readLogAfter")
    .mockRejectedValueOnce(new Error("terminating connection"));
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(alice.doc));
  const before = Y.encodeStateVector(doc);
  paragraphText(doc, 1).insert(0, "Restored. ");
  const origin = { userId: alice.person.userId, organizationId: alice.person.organizationId, via: "restore" as const };
  // A promise that is rejected and that nobody waits for would end the server, and fails this test's run.
  await appendServerUpdate(stage.pool, roomId, Y.encodeStateAsUpdate(doc, before), origin);
  await until(() => body(alice, 1) === "Restored. We patch.");
  broken.mockRestore();
  expect(stage.realtime.figures.outages).toBe(outages + 1);
  alice.type(" Still here.");
  await until(() => isSaved(alice));
  expect(body(alice)).toBe("We report. Still here.");
});

describe("rights", () => {
  test("a reader sees what is written and who is there, and is told that it only reads", async () => {
    const { roomId, alice } = await twoTabs();
    const reader = stage.tab(roomId, stage.person("Rita", "read"));
    await until(() => reader.provider.state.kind === "read-only");
    alice.type(" Seen.");
    await until(() => body(reader) === "We report. Seen.");
    await until(() =>
      [...alice.provider.awareness.getStates().values()].some((state) => JSON.stringify(state).includes("Rita GmbH")),
    );
  });

  test("a reader's edit is refused, stored nowhere, and its words are kept for it", async () => {
    const { roomId, alice } = await twoTabs();
    const before = await rowCount(stage.pool, roomId);
    const reader = stage.tab(roomId, stage.person("Rita", "read"));
    await until(() => reader.provider.state.kind === "read-only");
    reader.type(" Not mine to write.");
    await until(() => reader.provider.state.kind === "refused");
    expect(reader.provider.state).toMatchObject({ kind: "refused", code: "not-permitted", detail: "read-only" });
    expect(ownWords(reader.doc, reader.provider.unsaved())).toEqual([
      { clauseId: "a00000000000", heading: "Report", text: " Not mine to write." },
    ]);
    expect(await rowCount(stage.pool, roomId)).toBe(before);
    expect(body(alice)).toBe("We report.");
  });

  test("after a right is taken away no update is accepted, and the sockets come back through the door", async () => {
    const { roomId, alice, bob } = await twoTabs();
    bob.person.rights = "none";
    const before = await rowCount(stage.pool, roomId);
    await stage.pool.query("SELECT pg_notify('concordat_room', $1)", [
      JSON.stringify({ roomId, event: "rights", userId: bob.person.userId }),
    ]);
    await until(() => bob.provider.state.kind === "refused", {
      what: "the loss of the right to reach the tab",
    });
    bob.type(" Too late.");
    expect(bob.provider.state).toMatchObject({ kind: "refused", code: "not-permitted" });
    expect(await rowCount(stage.pool, roomId)).toBe(before);
    expect(isSaved(alice)).toBe(true);
  });

  test("who is signed out keeps the text and is told to sign in", async () => {
    const roomId = await stage.room(clause("a", "A", ["x"]));
    const stranger = { ...stage.person("Nobody"), userId: "nobody" };
    const tab = stage.tab(roomId, stranger);
    await until(() => tab.provider.state.kind === "signed-out");
    expect(tab.text().clauses).toEqual([]);
  });
});

describe("a frozen text", () => {
  async function freeze(roomId: string) {
    const head = await stage.realtime.freeze(roomId);
    await stage.pool.query("UPDATE room SET closed_at = now(), closed_reason = 'frozen' WHERE id = $1", [roomId]);
    await stage.pool.query("SELECT pg_notify('concordat_room', $1)", [JSON.stringify({ roomId, event: "closed" })]);
    return head;
  }

  test("[3] an offline edit is refused after the freeze, its words are kept, and the frozen text is unchanged", async () => {
    const { roomId, alice, bob } = await twoTabs();
    bob.provider.provider.disconnect();
    bob.type(" Written on a train.");
    const head = await freeze(roomId);
    await until(() => alice.provider.state.kind === "read-only");
    const frozen = await storedText(stage.pool, roomId);
    bob.provider.provider.connect();
    await until(() => bob.provider.state.kind === "refused");
    expect(bob.provider.state).toMatchObject({ kind: "refused", code: "frozen" });
    expect(ownWords(bob.doc, bob.provider.unsaved())).toEqual([
      { clauseId: "a00000000000", heading: "Report", text: " Written on a train." },
    ]);
    expect(await storedText(stage.pool, roomId)).toEqual(frozen);
    expect(head.seq).toBe(await rowCount(stage.pool, roomId));
    expect(alice.events.some((event) => event.event === "freezing")).toBe(true);
  });

  test("the database itself refuses: an edit that races the freeze is either in the text or refused, never called saved", async () => {
    const { roomId, alice } = await twoTabs();
    const client = await stage.pool.connect();
    await client.query("BEGIN");
    await client.query("UPDATE room SET closed_at = now() WHERE id = $1", [roomId]);
    alice.type(" Racing.");
    await until(() => alice.provider.state.kind === "saving");
    await client.query("COMMIT");
    client.release();
    await until(() => alice.provider.state.kind === "refused");
    expect(alice.provider.state).toMatchObject({ code: "frozen" });
    expect((await storedText(stage.pool, roomId)).clauses[0]?.body[0]?.text).toBe("We report.");
  });

  test("a freeze that is called off lets everyone write again", async () => {
    const { roomId, alice, bob } = await twoTabs();
    await stage.realtime.freeze(roomId);
    alice.type(" Meanwhile.");
    await stage.realtime.thaw(roomId);
    await until(() => isSaved(alice) && body(bob) === "We report. Meanwhile.");
  });
});

describe("who is there", () => {
  test("names come from the session, and nobody speaks for somebody else", async () => {
    const { alice, bob } = await twoTabs();
    bob.provider.awareness.setLocalState({
      user: { name: "Alice", organization: "Alice GmbH" },
      cursor: null,
      secret: "x",
    });
    await until(() => JSON.stringify(alice.provider.awareness.getStates().get(bob.doc.clientID) ?? {}).includes("Bob"));
    const seen = alice.provider.awareness.getStates().get(bob.doc.clientID);
    expect(seen).toMatchObject({ user: { name: "Bob", organization: "Bob GmbH", mode: "write" } });
    expect(JSON.stringify(seen)).not.toContain("secret");
    expect(JSON.stringify(seen)).not.toContain("Alice");
  });
  test("of somebody who moves faster than it is told the last place is seen, and nobody sends back what they hear", async () => {
    const { alice, bob } = await twoTabs();
    await until(() => alice.provider.awareness.getStates().has(bob.doc.clientID));
    const socket = bob.provider.provider.ws;
    if (!socket) throw new Error("There is no socket.");
    const send = vi.spyOn(socket, "send");
    const at = (clock: number) => ({ item: { client: alice.doc.clientID, clock } });
    for (let clock = 0; clock < 100; clock += 1)
      alice.provider.awareness.setLocalState({ cursor: { anchor: at(clock), head: at(clock) } });
    const seen = () => bob.provider.awareness.getStates().get(alice.doc.clientID);
    await until(() => JSON.stringify(seen()?.cursor) === JSON.stringify({ anchor: at(99), head: at(99) }), {
      what: "the last place to be seen",
    });
    // Of themselves the stock client speaks now and then.
    const spoken = send.mock.calls.flatMap(([bytes]) => {
      const frame = bytes instanceof Uint8Array ? parseFrame(bytes) : undefined;
      return frame?.kind === "awareness" ? decodePresence(frame.states, 10).map(({ clientId }) => clientId) : [];
    });
    expect(spoken.filter((clientId) => clientId !== bob.doc.clientID)).toEqual([]);
  });
  test("who leaves is gone for the others, and is seen again when back", async () => {
    const { alice, bob } = await twoTabs();
    const others = () => [...alice.provider.awareness.getStates().keys()].filter((id) => id !== alice.doc.clientID);
    await until(() => others().length === 1);
    bob.provider.provider.disconnect();
    await until(() => others().length === 0);
    bob.provider.provider.connect();
    await until(() => others().length === 1);
    expect(others()).toEqual([bob.doc.clientID]);
  });
});

describe("clientIDs", () => {
  test("somebody else's clientID is not given out again: the browser picks another and goes on", async () => {
    const { roomId, alice } = await twoTabs();
    const doc = new Y.Doc({ gc: false });
    doc.clientID = alice.doc.clientID;
    const mallory = stage.tab(roomId, stage.person("Mallory"), { doc });
    await until(() => isSaved(mallory));
    expect(mallory.doc.clientID).not.toBe(alice.doc.clientID);
    alice.type(" Mine.");
    await until(() => isSaved(alice) && body(mallory) === "We report. Mine.");
  });
  test("work done offline under a clientID that never connected is taken when its author comes back", async () => {
    const { roomId, alice, bob } = await twoTabs();
    const saved = Y.encodeStateAsUpdate(bob.doc);
    const offline = new Y.Doc({ gc: false });
    Y.applyUpdate(offline, saved);
    paragraphText(offline).insert(0, "Reloaded offline. ");
    const reopened = new Y.Doc({ gc: false });
    Y.applyUpdate(reopened, Y.encodeStateAsUpdate(offline));
    const tab = stage.tab(roomId, bob.person, { doc: reopened });
    await until(() => isSaved(tab) && body(alice) === "Reloaded offline. We report.");
  });
  test("a restored room has a new generation, and an old copy is told to start afresh", async () => {
    const { roomId, alice } = await twoTabs();
    const tab = stage.tab(roomId, alice.person, { generation: 7 });
    await until(() => tab.provider.state.kind === "refused");
    expect(tab.provider.state).toMatchObject({ code: "conflict" });
  });
});

test("words that land in a place somebody deleted meanwhile are given back to their author", async () => {
  const { alice, bob } = await twoTabs();
  bob.provider.provider.disconnect();
  bob.type(" Do not lose me.");
  alice.doc.getXmlFragment("charter").delete(1, 1);
  await until(() => isSaved(alice));
  bob.provider.provider.connect();
  await until(() => bob.events.some((event) => event.event === "late-text"));
  expect(bob.events.find((event) => event.event === "late-text")).toEqual({
    event: "late-text",
    texts: [{ clauseId: "a00000000000", text: " Do not lose me." }],
  });
  await until(() => isSaved(bob));
});

describe("clause history", () => {
  async function revisions(clauseId: string) {
    const { rows } = await stage.pool.query<{ kind: string; heading: string; authors: { userId: string }[] }>(
      "SELECT kind, heading, authors FROM clause_revision WHERE clause_id = $1 ORDER BY number",
      [clauseId],
    );
    return rows;
  }

  test("when the last one leaves, the edits stand in the clause's history under their author", async () => {
    const roomId = await stage.room(clause("h1", "Report", ["We report."]));
    const alice = stage.tab(roomId, stage.person("Alice"));
    await until(() => isSaved(alice));
    alice.type(" Yearly.");
    await until(() => isSaved(alice));
    alice.leave();
    const isHers = (row: { authors: { userId: string }[] }) =>
      row.authors.some((one) => one.userId === alice.person.userId);
    await until(async () => (await revisions("h10000000000")).some(isHers), { what: "a revision of hers" });
    expect((await revisions("h10000000000"))[0]).toMatchObject({ kind: "added", heading: "Report" });
  });
});
