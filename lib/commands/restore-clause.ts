import { isDeepStrictEqual } from "node:util";
import * as Y from "yjs";
import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { appendServerUpdate, loadRoomState } from "#lib/data/room-log.ts";
import { findRoomForUpdate, sqlOf } from "#lib/data/room-rows.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Clause } from "#lib/domain/charter-text.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { blockElement, clauseElement, clauseElements, clauseMap } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { captureRevisions, writtenIn } from "./clause-revisions.ts";
import { randomClientId } from "./draft-room.ts";
import { recordDraft } from "./record-revisions.ts";
import type { WrittenClause } from "./revision-words.ts";

/**
 * Brings an old wording of a clause, or a deleted clause, back as a new edit in the person's name. The clause keeps its
 * id; nothing is rewritten in the history. A deleted clause returns to where it stood, or as near to it as there is.
 *
 * @throws {Refusal} not-found, not-permitted, not-drafting, not-acknowledged, conflict when it reads so already.
 */
export async function restoreClause(
  ctx: Context,
  input: { charterId: string; revisionId: string; reason: string | null },
): Promise<{ clauseId: string; seq: number }> {
  await recordDraft(ctx, { charterId: input.charterId, right: "edit-draft" });
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "edit-draft", charter);
    const round = await loadRound(tx, charter.id);
    if (round.state !== "DRAFTING")
      throw new Refusal("not-drafting", "A wording is brought back while the text is in drafting.");
    const acknowledged = await tx.policyAcknowledgement.findUnique({
      where: { charterId_userId: { charterId: charter.id, userId: person.userId } },
      select: { at: true },
    });
    if (!acknowledged)
      throw new Refusal("not-acknowledged", "Read the policy of this charter once before your first edit.");
    const revision = await loadRevision(tx, charter.id, input.revisionId);
    // What was written until now is put into the history first, so that the wording replaced here can come back too. Nothing comes between.
    await findRoomForUpdate(sqlOf(tx), round.room.id);
    await captureRevisions(tx, round.room.id, ctx.now);
    const { state } = await loadRoomState(sqlOf(tx), round.room.id);
    const stateThen = await findStateOf(tx, revision);
    const update = restoreUpdate({ state, stateThen }, revision, randomClientId(ctx.random));
    const origin = { userId: person.userId, organizationId, via: "restore" as const };
    const seq = await appendServerUpdate(sqlOf(tx), round.room.id, update, origin);
    await captureRevisions(tx, round.room.id, ctx.now, {
      restored: { reason: input.reason, wording: revision.written },
    });
    return { clauseId: revision.written.clause.id, seq };
  });
}

type Revision = {
  readonly written: WrittenClause;
  readonly position: number;
  readonly roomId: string | null;
  readonly roomSeq: bigint;
};

async function loadRevision(tx: Tx, charterId: string, revisionId: string): Promise<Revision> {
  const row = RowId.safeParse(revisionId).success
    ? await tx.clauseRevision.findFirst({ where: { id: revisionId, charterId } })
    : null;
  if (!row) throw new Refusal("not-found", "There is no such wording.");
  const { position, roomId, roomSeq } = row;
  return { written: writtenIn(row), position, roomId, roomSeq };
}

/** The text at the time of a wording, where its references are still references; the history has them as words only. */
async function findStateOf(tx: Tx, { roomId, roomSeq }: Revision): Promise<Uint8Array | undefined> {
  if (roomId === null) return undefined;
  return (await loadRoomState(sqlOf(tx), roomId, Number(roomSeq))).state;
}

/** The update that makes the clause read so in a draft; only what it adds to `state`. */
function restoreUpdate(
  { state, stateThen }: { state: Uint8Array; stateThen: Uint8Array | undefined },
  { written: { clause }, position }: Revision,
  clientId: number,
): Uint8Array {
  const doc = docOf(state);
  const docThen = docOf(stateThen);
  doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  const root = doc.getXmlFragment(charterRoot);
  const elements = clauseElements(doc);
  const standing = elements.find((one) => one.id === clause.id);
  const source = findSource(docThen, clause, new Set(elements.map((one) => one.id)));
  doc.transact(() => {
    if (standing) {
      const { element } = standing;
      element.delete(0, element.length);
      element.insert(0, source ? partsOf(source) : [headingElement(clause), ...clause.body.map(blockElement)]);
      return;
    }
    // Where it stood among the clauses; after the last one when there are fewer now, or when its place is not known.
    const next = position >= 0 ? elements[position]?.element : undefined;
    const whole = source?.clone() ?? clauseElement(clause);
    whole.setAttribute("id", clause.id);
    root.insert(next ? root.toArray().indexOf(next) : root.length, [whole]);
  });
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  docThen.destroy();
  return update;
}

function docOf(state: Uint8Array | undefined): Y.Doc {
  const doc = new Y.Doc({ gc: false });
  if (state) Y.applyUpdate(doc, state);
  return doc;
}

/** The clause as it stood then; undefined where it reads otherwise, or refers to a clause that is gone since. */
function findSource(docThen: Y.Doc, clause: Clause, present: ReadonlySet<string>): Y.XmlElement | undefined {
  const element = clauseElements(docThen).find((one) => one.id === clause.id)?.element;
  const then = clauseMap(docThen).get(clause.id);
  if (!element || !isDeepStrictEqual(then, clause)) return undefined;
  const targets = element
    .toArray()
    .flatMap((block) => (block instanceof Y.XmlElement ? block.toArray() : []))
    .flatMap((part) =>
      part instanceof Y.XmlElement && part.nodeName === "clauseReference" ? [part.getAttribute("target") ?? ""] : [],
    );
  return targets.every((target) => present.has(target) || target === clause.id) ? element : undefined;
}

function partsOf(clause: Y.XmlElement): Y.XmlElement[] {
  return clause.toArray().flatMap((part) => (part instanceof Y.XmlElement ? [part.clone()] : []));
}

function headingElement(clause: Clause): Y.XmlElement {
  const heading = new Y.XmlElement("clauseHeading");
  if (clause.heading !== "") heading.insert(0, [new Y.XmlText(clause.heading)]);
  return heading;
}
