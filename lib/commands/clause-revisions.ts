import * as Y from "yjs";
import { z } from "zod";
import { loadRoomState } from "#lib/data/room-log.ts";
import { findRoom, listUpdates, type RoomRow, sqlOf } from "#lib/data/room-rows.ts";
import type { Tx } from "#lib/data/store.ts";
import { Block, type CharterText, ClauseKind, numbered } from "#lib/domain/charter-text.ts";
import { type ClauseChange, compareTexts } from "#lib/domain/clause-diff.ts";
import { isSameAuthor } from "#lib/domain/word-authors.ts";
import { encodeWordAuthors } from "#lib/domain/word-authors-row.ts";
import type { Author } from "#lib/domain/word-rows.ts";
import { charterTextOf } from "#lib/editor/clauses.ts";
import { replaySteps, type Step } from "#lib/editor/replay-steps.ts";
import { goneOf, loadGoneWords, RevisionWords, type WrittenClause } from "./revision-words.ts";

/**
 * Writes the history of a room's clauses up to its newest update: one revision for each clause that was added, reworded,
 * moved, deleted or brought back since the last time, with the people whose updates touched it. Nothing is written when
 * nothing changed, so it may run at any moment and again after a crash. Edits go on meanwhile: what comes later is for the next time. A caller
 * that wants the last word holds the lock of the room.
 *
 * Who writes by turns in a long clause makes this dear: it is read once for each turn. With `wordsMax` it ends before the end once so many words were read
 * and there is something to write; the rest is for the next time.
 *
 * @returns the number of revisions written, and whether they reach the newest update.
 * @throws {RoomDamaged} when the stored updates do not match their chain.
 */
export async function captureRevisions(
  tx: Tx,
  roomId: string,
  now: Date,
  { restored, wordsMax = Number.POSITIVE_INFINITY }: { readonly restored?: Restored; readonly wordsMax?: number } = {},
): Promise<{ readonly count: number; readonly isWhole: boolean }> {
  const room = await lockHistory(tx, roomId);
  const afterSeq = room ? await lastCapturedSeq(tx, roomId) : 0;
  if (!room || afterSeq >= room.lastSeq) return { count: 0, isWhole: true };
  const latest = await latestRevisions(tx, room.charterId);
  const doc = await docAt(tx, roomId, afterSeq);
  const before = afterSeq === 0 ? textOfRevisions(latest) : charterTextOf(doc);
  const gone = await loadGoneWords(tx, room);
  const words = new RevisionWords(doc, before, latest, restored ? [...gone, goneOf(restored.wording)] : gone);
  const authors = new Authors();
  const updates = await listUpdates(sqlOf(tx), roomId, afterSeq, room.lastSeq - afterSeq);
  const take = (step: Step) => {
    authors.take(step);
    words.take(step);
  };
  const taken = replaySteps(doc, updates, take, () => words.wordCount > wordsMax);
  const after = charterTextOf(doc);
  const { clauses } = compareTexts(before, after);
  const reworded = changedClauses(clauses, afterSeq === 0);
  const written = words.finish(doc, after, new Set([...authors.touched, ...reworded.map((one) => one.id)]));
  doc.destroy();
  // Words that somebody placed again, letter for letter, change nothing that is read, but who placed them.
  const placed = clauses.filter(
    (one) =>
      one.change === "unchanged" &&
      latest.get(one.id)?.wordAuthors &&
      authors.touched.has(one.id) &&
      written.isCreditedAnew(one.id),
  );
  const rows = [...reworded, ...placed].map((change, at) => {
    const known = latest.get(change.id);
    return {
      ...rowOf(change, after),
      charterId: room.charterId,
      draftRoundId: room.draftRoundId,
      roomId,
      clauseId: change.id,
      number: (known?.number ?? 0) + 1,
      roomSeq: BigInt(afterSeq + taken),
      kind: kindOf(change, known !== undefined, restored !== undefined),
      authors: authors.of(change.id).map((one) => ({ ...one })),
      // What vanished is kept once, with the first row.
      wordAuthors: encodeWordAuthors(written.of(change.id), at === 0 ? written.gone : []),
      reason: restored?.reason ?? null,
      createdAt: now,
    };
  });
  const isWhole = taken === updates.length;
  // Where it reads as before there is no row to go on from.
  if (rows.length === 0 && !isWhole) return captureRevisions(tx, roomId, now, { wordsMax: 4 * wordsMax });
  if (rows.length > 0) await tx.clauseRevision.createMany({ data: rows });
  return { count: rows.length, isWhole };
}

/** An old wording that the newest update brought back: its words stay their authors'. */
export type Restored = { readonly reason: string | null; readonly wording: WrittenClause };

function changedClauses(clauses: readonly ClauseChange[], isSeed: boolean): ClauseChange[] {
  // The order of the clauses before a room's first update is known only roughly: no move is told of it.
  return clauses.filter((one) => one.change !== "unchanged" && !(isSeed && one.change === "moved"));
}

function kindOf(change: ClauseChange, isKnown: boolean, isRestore: boolean): string {
  switch (change.change) {
    case "added":
      return isKnown ? "restored" : "added";
    case "removed":
      return "deleted";
    case "changed":
      return isRestore ? "restored" : "edited";
    case "unchanged":
      return "placed";
    default:
      return "moved";
  }
}

function rowOf(change: ClauseChange, after: CharterText) {
  const clause = change.to ?? change.from;
  if (!clause) throw new Error("A change has a clause on one side at least.");
  return {
    clauseKind: clause.kind,
    level: clause.level,
    position: change.to ? after.clauses.findIndex((one) => one.id === change.id) : -1,
    clauseNumber: clause.number,
    heading: clause.heading,
    body: clause.body.map((block) => ({ ...block })),
  };
}

/**
 * One history of a charter is written at a time, until the transaction ends: revisions are numbered per charter, and two of its rooms that were captured at
 * once would give out the same number. Who holds the lock of a room may wait for it, and it waits for nobody.
 *
 * @returns the room as it is once its history is ours.
 */
async function lockHistory(tx: Tx, roomId: string): Promise<RoomRow | undefined> {
  const room = await findRoom(sqlOf(tx), roomId);
  if (!room) return undefined;
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`clause-history ${room.charterId}`}, 0))`;
  return findRoom(sqlOf(tx), roomId);
}

/** How far the history of a room is written, in the room's own counting: clocks step back, and several servers have several. */
async function lastCapturedSeq(tx: Tx, roomId: string): Promise<number> {
  const newest = await tx.clauseRevision.findFirst({
    where: { roomId },
    orderBy: { roomSeq: "desc" },
    select: { roomSeq: true },
  });
  return Number(newest?.roomSeq ?? 0n);
}

type KnownRevision = WrittenClause & { readonly number: number; readonly position: number };

async function latestRevisions(tx: Tx, charterId: string): Promise<Map<string, KnownRevision>> {
  const rows = await tx.clauseRevision.findMany({
    where: { charterId },
    orderBy: [{ clauseId: "asc" }, { number: "desc" }],
    distinct: ["clauseId"],
  });
  return new Map(rows.map((row) => [row.clauseId, { number: row.number, position: row.position, ...writtenIn(row) }]));
}

/** What a row of the history says. */
export function writtenIn(row: RevisionRow): WrittenClause {
  return {
    isDeleted: row.kind === "deleted",
    wordAuthors: row.wordAuthors,
    only: row.number === 1 ? onlyOne(row.authors) : null,
    clause: {
      id: row.clauseId,
      kind: ClauseKind.parse(row.clauseKind),
      level: row.level,
      heading: row.heading,
      body: z.array(Block).parse(row.body),
    },
  };
}

type RevisionRow = {
  readonly clauseId: string;
  readonly number: number;
  readonly kind: string;
  readonly clauseKind: string;
  readonly level: number;
  readonly heading: string;
  readonly body: unknown;
  readonly authors: unknown;
  readonly wordAuthors: unknown;
};

function textOfRevisions(latest: ReadonlyMap<string, KnownRevision>): CharterText {
  const standing = [...latest.values()].filter((one) => !one.isDeleted);
  const clauses = standing.sort((left, right) => left.position - right.position).map((one) => one.clause);
  return { title: "", language: "en", clauses: numbered(clauses).map(({ number: _number, ...clause }) => clause) };
}

async function docAt(tx: Tx, roomId: string, seq: number): Promise<Y.Doc> {
  const doc = new Y.Doc({ gc: false });
  if (seq > 0) Y.applyUpdate(doc, (await loadRoomState(sqlOf(tx), roomId, seq)).state);
  return doc;
}

function onlyOne(authors: unknown): Author | null {
  const read = z.array(z.object({ userId: z.string(), organizationId: z.string() })).safeParse(authors);
  return read.success && read.data.length === 1 ? (read.data[0] ?? null) : null;
}

/** Whose steps touched which clause. */
class Authors {
  readonly #byClause = new Map<string, Author[]>();
  readonly #all: Author[] = [];
  readonly touched = new Set<string>();

  take({ actor, clauses }: Step): void {
    for (const id of clauses.keys()) this.touched.add(id);
    if (actor === null) return;
    addAuthor(this.#all, actor);
    for (const id of clauses.keys()) {
      const list = this.#byClause.get(id) ?? [];
      addAuthor(list, actor);
      this.#byClause.set(id, list);
    }
  }

  /** Of a clause that nobody touched, and that reads otherwise because of another, everybody who wrote meanwhile. */
  of(clauseId: string): readonly Author[] {
    return this.#byClause.get(clauseId) ?? this.#all;
  }
}

function addAuthor(list: Author[], author: Author): void {
  if (!list.some((one) => isSameAuthor(one, author))) list.push(author);
}
