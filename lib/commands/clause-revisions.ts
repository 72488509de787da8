import * as Y from "yjs";
import { z } from "zod";
import { loadRoomState } from "#lib/data/room-log.ts";
import { findRoomForUpdate, listUpdates, type RoomRow, sqlOf } from "#lib/data/room-rows.ts";
import type { Tx } from "#lib/data/store.ts";
import { Block, type CharterText, type Clause, ClauseKind, numbered } from "#lib/domain/charter-text.ts";
import { type ClauseChange, compareTexts } from "#lib/domain/clause-diff.ts";
import { charterTextOf } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";

/** Who wrote a revision: a person and the organization they wrote for. Persons who are erased have no name any more. */
export type RevisionAuthor = { readonly userId: string; readonly organizationId: string };

/**
 * Writes the history of a room's clauses up to its newest update: one revision for each clause that was added, reworded,
 * moved, deleted or brought back since the last time, with the people whose updates touched it. Nothing is written when
 * nothing changed, so it may run at any moment and again after a crash. It locks the room until the transaction ends.
 *
 * @returns the number of revisions written.
 * @throws {RoomDamaged} when the stored updates do not match their chain.
 */
export async function captureRevisions(
  tx: Tx,
  roomId: string,
  now: Date,
  because: { readonly reason: string | null; readonly isRestore: boolean } = { reason: null, isRestore: false },
): Promise<number> {
  const room = await findRoomForUpdate(sqlOf(tx), roomId);
  if (!room || room.lastSeq === 0) return 0;
  const afterSeq = await lastCapturedSeq(tx, room);
  if (afterSeq >= room.lastSeq) return 0;
  const latest = await latestRevisions(tx, room.charterId);
  const doc = await docAt(tx, roomId, afterSeq);
  const before = afterSeq === 0 ? textOfRevisions(latest) : charterTextOf(doc);
  const authors = await replayWithAuthors(tx, room, doc, afterSeq);
  const after = charterTextOf(doc);
  doc.destroy();
  const rows = changedClauses(before, after, afterSeq === 0).map((change) => {
    const known = latest.get(change.id);
    return {
      ...rowOf(change, after),
      charterId: room.charterId,
      draftRoundId: room.draftRoundId,
      clauseId: change.id,
      number: (known?.number ?? 0) + 1,
      roomSeq: BigInt(room.lastSeq),
      kind: kindOf(change, known !== undefined, because.isRestore),
      authors: (authors.byClause.get(change.id) ?? authors.all).map((one) => ({ ...one })),
      reason: because.reason,
      createdAt: now,
    };
  });
  if (rows.length > 0) await tx.clauseRevision.createMany({ data: rows });
  return rows.length;
}

function changedClauses(before: CharterText, after: CharterText, isSeed: boolean): ClauseChange[] {
  // The order of the clauses before a room's first update is known only roughly: no move is told of it.
  return compareTexts(before, after).clauses.filter(
    (one) => one.change !== "unchanged" && !(isSeed && one.change === "moved"),
  );
}

function kindOf(change: ClauseChange, isKnown: boolean, isRestore: boolean): string {
  switch (change.change) {
    case "added":
      return isKnown ? "restored" : "added";
    case "removed":
      return "deleted";
    case "changed":
      return isRestore ? "restored" : "edited";
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

/** Every room counts its updates from 1: of this one are only the revisions made since it was opened. */
async function lastCapturedSeq(tx: Tx, room: RoomRow): Promise<number> {
  const row = await tx.room.findUniqueOrThrow({ where: { id: room.id }, select: { createdAt: true } });
  const found = await tx.clauseRevision.aggregate({
    where: { draftRoundId: room.draftRoundId, createdAt: { gte: row.createdAt } },
    _max: { roomSeq: true },
  });
  return Number(found._max.roomSeq ?? 0n);
}

type KnownRevision = {
  readonly number: number;
  readonly kind: string;
  readonly position: number;
  readonly clause: Clause;
};

async function latestRevisions(tx: Tx, charterId: string): Promise<Map<string, KnownRevision>> {
  const rows = await tx.clauseRevision.findMany({
    where: { charterId },
    orderBy: [{ clauseId: "asc" }, { number: "desc" }],
    distinct: ["clauseId"],
  });
  return new Map(
    rows.map((row) => [
      row.clauseId,
      {
        number: row.number,
        kind: row.kind,
        position: row.position,
        clause: {
          id: row.clauseId,
          kind: ClauseKind.parse(row.clauseKind),
          level: row.level,
          heading: row.heading,
          body: z.array(Block).parse(row.body),
        },
      },
    ]),
  );
}

function textOfRevisions(latest: ReadonlyMap<string, KnownRevision>): CharterText {
  const standing = [...latest.values()].filter((one) => one.kind !== "deleted");
  const clauses = standing.sort((left, right) => left.position - right.position).map((one) => one.clause);
  return { title: "", language: "en", clauses: numbered(clauses).map(({ number: _number, ...clause }) => clause) };
}

async function docAt(tx: Tx, roomId: string, seq: number): Promise<Y.Doc> {
  const doc = new Y.Doc({ gc: false });
  if (seq > 0) Y.applyUpdate(doc, (await loadRoomState(sqlOf(tx), roomId, seq)).state);
  return doc;
}

/** Brings the document up to date and tells whose updates touched which clause. */
async function replayWithAuthors(tx: Tx, room: RoomRow, doc: Y.Doc, afterSeq: number) {
  const byClause = new Map<string, RevisionAuthor[]>();
  const all: RevisionAuthor[] = [];
  const root = doc.getXmlFragment(charterRoot);
  let touched = new Set<string>();
  // The types Yjs hands out here are wider than what a room holds; anything else has no id and is passed over.
  root.observeDeep((events) => {
    for (const event of events) for (const id of idsOf(event, root)) touched.add(id);
  });
  for (const { userId, organizationId, payload } of await listUpdates(sqlOf(tx), room.id, afterSeq)) {
    touched = new Set();
    Y.applyUpdate(doc, payload);
    if (userId === null || organizationId === null) continue;
    const author = { userId, organizationId };
    addAuthor(all, author);
    for (const id of touched) {
      const list = byClause.get(id) ?? [];
      addAuthor(list, author);
      byClause.set(id, list);
    }
  }
  return { byClause, all };
}

function idsOf(event: Y.YEvent<Y.AbstractType<unknown>>, root: Y.XmlFragment): string[] {
  const elements: unknown[] = [];
  if (event.target === root) {
    for (const item of event.changes.added) elements.push(...item.content.getContent());
  } else {
    let at: Y.AbstractType<unknown> | null = event.target;
    while (at && at.parent !== root) at = at.parent;
    elements.push(at);
  }
  return elements.flatMap((element) => {
    const id: unknown = element instanceof Y.XmlElement ? element.getAttribute("id") : undefined;
    return typeof id === "string" ? [id] : [];
  });
}

function addAuthor(list: RevisionAuthor[], author: RevisionAuthor): void {
  if (!list.some((one) => one.userId === author.userId && one.organizationId === author.organizationId)) {
    list.push(author);
  }
}
