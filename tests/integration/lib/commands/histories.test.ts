import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { z } from "zod";
import { captureRevisions } from "#lib/commands/clause-revisions.ts";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { recordRevisions, type Scribe, shareScribe } from "#lib/commands/record-revisions.ts";
import { removeParticipant } from "#lib/commands/remove-participant.ts";
import { restoreClause } from "#lib/commands/restore-clause.ts";
import { transaction } from "#lib/data/store.ts";
import { StoredWordAuthors } from "#lib/domain/word-authors-row.ts";
import { clauseElements } from "#lib/editor/clauses.ts";
import { clauseAt, edit, rewordClause } from "#tests/support/drafts.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

async function table() {
  const [carl, bert] = [await world.person(await world.organization()), await world.person(await world.organization())];
  const { charterId, roomId, convenor } = await world.charter({ participants: [carl, bert] });
  const { id: clauseId } = await clauseAt(world, charterId, "1.2");
  const put = (person: WorldPerson, at: (text: string) => number, words: string) =>
    edit(world, charterId, person, (doc) => {
      const text = paragraphOf(doc, clauseId);
      text.insert(at(text.toString()), words);
    });
  const record = () => {
    world.advance(1000);
    return recordRevisions(world.store.db, { roomId, now: world.now });
  };
  const newest = () =>
    world.store.db.clauseRevision.findFirstOrThrow({ where: { charterId, clauseId }, orderBy: { number: "desc" } });
  return { carl, bert, convenor, charterId, roomId, clauseId, put, record, newest };
}

function paragraphOf(doc: Y.Doc, clauseId: string): Y.XmlText {
  const paragraph = clauseElements(doc)
    .find(({ id }) => id === clauseId)
    ?.element.get(1);
  const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
  if (!(text instanceof Y.XmlText)) throw new Error(`Clause ${clauseId} has no words.`);
  return text;
}

/** Writes the history of a room, so much in each transaction. */
async function inPieces(roomId: string, wordsMax: number) {
  const pieces: Awaited<ReturnType<typeof captureRevisions>>[] = [];
  while (pieces.at(-1)?.isWhole !== true) {
    world.advance(1000);
    pieces.push(await transaction(world.store.db, (tx) => captureRevisions(tx, roomId, world.now, { wordsMax })));
  }
  return pieces;
}

const atEnd = (text: string) => text.length;
const Paragraphs = z.array(z.object({ text: z.string() }));

/** Each word of a revision with the person who wrote it first; headings are none of ours. */
function firstAuthors(row: { body: unknown; wordAuthors: unknown }): [string, string | undefined][] {
  const words = Paragraphs.parse(row.body).flatMap(({ text }) => text.match(/\w+/g) ?? []);
  const { authors, runs } = StoredWordAuthors.parse(row.wordAuthors);
  const firsts = runs.flatMap(([count, first]) => Array.from({ length: count }, () => authors[first]?.userId));
  return words.map((word, at) => [word, firsts.at(at - words.length)]);
}

test("whoever brings an old wording back is said to have written no word of it, though its neighbours had changed before it went", async () => {
  const { carl, bert, convenor, charterId, clauseId, put, record, newest } = await table();
  await rewordClause(world, charterId, convenor, clauseId, "Each signatory reports yearly");
  await record();
  await put(carl, atEnd, " publicly");
  await record();
  const wanted = await newest();
  await put(bert, (text) => text.indexOf(" publicly"), " and");
  await put(bert, atEnd, " where safe");
  await record();
  await rewordClause(world, charterId, bert, clauseId, "Nothing at all remains here.");
  await record();
  world.advance(1000);
  await restoreClause(world.as(convenor), { charterId, revisionId: wanted.id, reason: "It was better." });
  const restored = await newest();
  expect(restored.kind).toBe("restored");
  expect(firstAuthors(restored)).toEqual([
    ["Each", convenor.userId],
    ["signatory", convenor.userId],
    ["reports", convenor.userId],
    ["yearly", convenor.userId],
    ["publicly", carl.userId],
  ]);
});

test("people who take turns in a long clause get their whole history, a piece at a time, and every word stays its author's", async () => {
  const { carl, bert, charterId, roomId, clauseId, put, newest } = await table();
  for (let turn = 0; turn < 12; turn += 1) {
    await put(turn % 2 ? carl : bert, atEnd, ` ${turn % 2 ? "carl" : "bert"}${turn}`);
  }
  const pieces = await inPieces(roomId, 20);
  expect(pieces.length).toBeGreaterThan(2);
  expect(pieces.every(({ count }) => count === 1)).toBe(true);
  const last = await newest();
  const typed = firstAuthors(last).filter(([word]) => /^(carl|bert)\d+$/.test(word));
  expect(typed).toHaveLength(12);
  for (const [word, author] of typed) expect(author).toBe(word.startsWith("carl") ? carl.userId : bert.userId);
  const rows = await world.store.db.clauseRevision.findMany({
    where: { charterId, clauseId },
    orderBy: { number: "asc" },
  });
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_row, at) => at + 1));
  const room = await world.store.db.room.findUniqueOrThrow({ where: { id: roomId } });
  expect(last.roomSeq).toBe(room.lastSeq);
});

test("a piece of a history that ends where the text reads as before is followed by the rest", async () => {
  const { carl, bert, charterId, roomId, clauseId, put, record, newest } = await table();
  await rewordClause(world, charterId, bert, clauseId, "One two three.");
  await record();
  for (const wordsMax of [1, 4, 7, 10, 13, 16]) {
    await put(carl, atEnd, " gone");
    await edit(world, charterId, bert, (doc) => {
      const text = paragraphOf(doc, clauseId);
      text.delete(text.length - 5, 5);
    });
    await put(carl, atEnd, ` kept${wordsMax}`);
    await inPieces(roomId, wordsMax);
    const last = await newest();
    expect(last.roomSeq).toBe((await world.store.db.room.findUniqueOrThrow({ where: { id: roomId } })).lastSeq);
    expect(firstAuthors(last).at(-1)).toEqual([`kept${wordsMax}`, carl.userId]);
  }
});

test("who freezes a text whose history is far behind has it written by the thread that the server keeps for that, to the last word", async () => {
  const { carl, bert, convenor, charterId, roomId, put, newest } = await table();
  for (let turn = 0; turn < 8; turn += 1) await put(turn % 2 ? carl : bert, atEnd, ` word${turn}`);
  const answers: Awaited<ReturnType<Scribe>>[] = [];
  shareScribe(async ({ now }) => {
    const piece = await transaction(world.store.db, (tx) => captureRevisions(tx, roomId, now, { wordsMax: 20 }));
    answers.push(piece);
    return piece;
  });
  try {
    const frozen = await freezeCandidate(world.as(convenor), { charterId });
    expect((await newest()).roomSeq).toBe(frozen.roomSeq);
  } finally {
    shareScribe(undefined);
  }
  // A piece at a time, and the freeze had nothing left to write itself.
  expect(answers.length).toBeGreaterThan(2);
  expect(answers.map(({ isWhole }) => isWhole)).toEqual([...answers.slice(1).map(() => false), true]);
  expect((await newest()).number).toBe(1 + answers.filter(({ count }) => count === 1).length);
});

test("who takes a seat away does not wait for the history of the draft", async () => {
  const { carl, bert, convenor, charterId, clauseId, record } = await table();
  await rewordClause(world, charterId, bert, clauseId, "Words of the one who stays.");
  const hand = await world.store.pool.connect();
  try {
    // Revisions can be read, and none be written.
    await hand.query("BEGIN");
    await hand.query("LOCK TABLE clause_revision IN SHARE MODE");
    const written = record();
    await until(async () => {
      const { rows } = await hand.query(
        "SELECT 1 FROM pg_locks WHERE relation = 'clause_revision'::regclass AND NOT granted",
      );
      return rows.length > 0;
    });
    const organizationId = carl.organization?.id ?? "";
    await removeParticipant(world.as(convenor), { charterId, organizationId });
    await hand.query("ROLLBACK");
    expect(await written).toBe(1);
  } finally {
    hand.release();
  }
  const seats = await world.store.db.participant.findMany({ where: { charterId } });
  expect(seats.some((seat) => seat.organizationId === carl.organization?.id && seat.leftAt === null)).toBe(false);
});
