import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as Y from "yjs";
import { freezeCandidate } from "#lib/commands/freeze-candidate.ts";
import { recordRevisions } from "#lib/commands/record-revisions.ts";
import { withdrawCandidate } from "#lib/commands/withdraw-candidate.ts";
import { bodyText } from "#lib/domain/clause-diff.ts";
import { StoredWordAuthors } from "#lib/domain/word-authors-row.ts";
import { clauseElements } from "#lib/editor/clauses.ts";
import { compareDrafts } from "#lib/queries/compare-drafts.ts";
import { clauseAt, edit } from "#tests/support/drafts.ts";
import { until } from "#tests/support/until.ts";
import { createWorld, type World, type WorldPerson } from "#tests/support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const days = 86_400_000;

async function table() {
  const [carl, bert] = [await world.person(await world.organization()), await world.person(await world.organization())];
  const { charterId, roomId, convenor } = await world.charter({ participants: [carl, bert] });
  const { id: clauseId } = await clauseAt(world, charterId, "1.2");
  return {
    ...{ carl, bert, convenor, charterId, roomId, clauseId },
    /** Words at the end of the clause, in the history at once; gives the number of revisions. */
    async write(person: WorldPerson, words: string, room = roomId) {
      await edit(world, charterId, person, (doc) => {
        const block = clauseElements(doc)
          .find(({ id }) => id === clauseId)
          ?.element.get(1);
        const text = block instanceof Y.XmlElement ? block.get(0) : undefined;
        if (!(text instanceof Y.XmlText)) throw new Error("The clause has no words.");
        text.insert(text.length, words);
      });
      return recordRevisions(world.store.db, { roomId: room, now: world.now });
    },
    rows: () => world.store.db.clauseRevision.findMany({ where: { charterId, clauseId }, orderBy: { number: "asc" } }),
    /** Withdraws the frozen candidate; gives the room that follows. */
    async withdraw() {
      return (await withdrawCandidate(world.as(convenor), { charterId, reason: "" })).roomId;
    },
  };
}

test("a clock that steps back while a draft is written leaves its history once and whole", async () => {
  const { carl, bert, roomId, write, rows } = await table();
  expect(await write(carl, " carl1")).toBe(1);
  world.advance(-2 * days);
  for (const turn of [2, 3, 4])
    expect(await write(turn % 2 ? carl : bert, ` ${turn % 2 ? "carl" : "bert"}${turn}`)).toBe(1);
  expect(await recordRevisions(world.store.db, { roomId, now: world.now })).toBe(0);
  const history = await rows();
  expect(history.map(({ roomSeq }) => Number(roomSeq))).toEqual([1, 2, 3, 4, 5]);
  expect(history.slice(1).map(({ authors }) => authors)).toEqual(
    [carl, bert, carl, bert].map((one) => [{ userId: one.userId, organizationId: one.organization?.id }]),
  );
  const { authors, runs } = StoredWordAuthors.parse(history.at(-1)?.wordAuthors);
  const firsts = runs.flatMap(([count, first]) => Array.from({ length: count }, () => authors[first]?.userId));
  expect(firsts.slice(-4)).toEqual([carl, bert, carl, bert].map((one) => one.userId));
});

test("a clock that steps back before a candidate is withdrawn keeps no edit of the text that follows out of the history", async () => {
  const { carl, bert, convenor, charterId, clauseId, write, rows, withdraw } = await table();
  for (const turn of [1, 2, 3]) await write(carl, ` carl${turn}`);
  await freezeCandidate(world.as(convenor), { charterId });
  world.advance(-2 * days);
  const next = await withdraw();
  expect(await write(bert, " bert4", next)).toBe(1);
  expect(await write(carl, " carl5", next)).toBe(1);
  expect((await rows()).map(({ roomSeq }) => Number(roomSeq))).toEqual([1, 2, 3, 4, 2, 3]);
  const { points, comparison } = await compareDrafts(world.as(convenor), {
    charterId,
    from: "draft-1.1.4",
    to: "draft-1.2.2",
  });
  expect(points.map(({ key }) => key)).toEqual(expect.arrayContaining(["draft-1.1.4", "draft-1.2.2", "draft-1.2.3"]));
  const clause = comparison.clauses.find(({ id }) => id === clauseId);
  expect(
    [clause?.from, clause?.to].map((one) =>
      bodyText(one?.body ?? [])
        .split(" ")
        .at(-1),
    ),
  ).toEqual(["carl3", "bert4"]);
});

test("what the release before wrote is known to be of its room, and each history goes on where it ended", async () => {
  const alone = await table();
  await alone.write(alone.carl, " one");
  const twice = await table();
  for (const words of [" one", " two", " three"]) await twice.write(twice.carl, words);
  await freezeCandidate(world.as(twice.convenor), { charterId: twice.charterId });
  const next = await twice.withdraw();
  for (const words of [" four", " five"]) await twice.write(twice.bert, words, next);
  const before = [...(await alone.rows()), ...(await twice.rows())];

  await backToReleaseBefore();
  await applyMigration();
  expect([...(await alone.rows()), ...(await twice.rows())]).toEqual(before);
  expect(new Set(before.map(({ roomId }) => roomId))).toEqual(new Set([alone.roomId, twice.roomId, next]));

  for (const roomId of [alone.roomId, twice.roomId, next]) {
    expect(await recordRevisions(world.store.db, { roomId, now: world.now })).toBe(0);
  }
  expect(await alone.write(alone.bert, " two")).toBe(1);
  expect(await twice.write(twice.carl, " six", next)).toBe(1);
  expect((await twice.rows()).at(-1)).toMatchObject({ roomId: next, roomSeq: 4n, number: 7 });
});

test("an old revision that no clock and no count can place is left without a room; a new one is never written so", async () => {
  const { carl, convenor, charterId, write, rows, withdraw } = await table();
  await write(carl, " one");
  await freezeCandidate(world.as(convenor), { charterId });
  const next = await withdraw();
  await write(carl, " two", next);
  const [first, second] = await rows();
  // Dated before either room was opened, and both have so many updates.
  await world.store.pool.query("UPDATE clause_revision SET created_at = '2001-01-01' WHERE id = $1", [second?.id]);
  await backToReleaseBefore();
  await applyMigration();
  expect((await rows()).map(({ roomId }) => roomId)).toEqual([first?.roomId, null, next]);
  await expect(
    world.store.pool.query(
      `INSERT INTO clause_revision (id, charter_id, draft_round_id, clause_id, number, room_seq, kind, clause_kind, level, position, clause_number, heading, body, authors)
       SELECT gen_random_uuid(), charter_id, draft_round_id, clause_id, 99, 99, kind, clause_kind, level, position, clause_number, heading, body, authors
         FROM clause_revision WHERE id = $1`,
      [first?.id],
    ),
  ).rejects.toMatchObject({ constraint: "clause_revision_of_a_room" });
});

test("a program of the release before that opens a room while the migration begins is not what ends the migration", async () => {
  const { carl, charterId, roomId, write, rows } = await table();
  await write(carl, " one");
  await backToReleaseBefore();
  const { pool } = world.store;
  const before = await pool.connect();
  await before.query("BEGIN");
  await before.query("UPDATE room SET last_seq = last_seq WHERE id = $1", [roomId]);
  const migration = applyMigration();
  await until(
    async () =>
      (await pool.query("SELECT 1 FROM pg_locks WHERE relation = 'room'::regclass AND NOT granted")).rowCount === 1,
    { what: "the migration to wait for the rooms" },
  );
  // It holds the revisions then: whoever has a room and waits for them would wait for ever, and one of the two be ended.
  await before.query("SELECT count(*) FROM clause_revision WHERE charter_id = $1", [charterId]);
  await before.query("COMMIT");
  before.release();
  await migration;
  expect(new Set((await rows()).map((row) => row.roomId))).toEqual(new Set([roomId]));
});

/** The table as it was before revisions knew their room; its index, its key and its check go with the column. */
async function backToReleaseBefore(): Promise<void> {
  await world.store.pool.query("ALTER TABLE clause_revision DROP COLUMN room_id");
}

async function applyMigration(): Promise<void> {
  await world.store.pool.query(
    await readFile(join("prisma", "migrations", "0010_revisions_know_their_room", "migration.sql"), "utf8"),
  );
}
