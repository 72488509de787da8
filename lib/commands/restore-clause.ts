import * as Y from "yjs";
import { z } from "zod";
import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { appendServerUpdate, loadRoomState, sqlOf } from "#lib/data/room-log.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { Block, type Clause, ClauseKind } from "#lib/domain/charter-text.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { blockElement, clauseElement, clauseElements } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import { captureRevisions } from "./clause-revisions.ts";
import { randomClientId } from "./draft-room.ts";

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
    // What was written until now is put into the history first, so that the wording replaced here can come back too.
    await captureRevisions(tx, round.room.id, ctx.now);
    const { state } = await loadRoomState(sqlOf(tx), round.room.id);
    const update = restoreUpdate(state, revision.clause, revision.position, randomClientId(ctx.random));
    const origin = { userId: person.userId, organizationId, via: "restore" as const };
    const seq = await appendServerUpdate(sqlOf(tx), round.room.id, update, origin);
    await captureRevisions(tx, round.room.id, ctx.now, { reason: input.reason, isRestore: true });
    return { clauseId: revision.clause.id, seq };
  });
}

async function loadRevision(
  tx: Tx,
  charterId: string,
  revisionId: string,
): Promise<{ clause: Clause; position: number }> {
  const row = RowId.safeParse(revisionId).success
    ? await tx.clauseRevision.findFirst({ where: { id: revisionId, charterId } })
    : null;
  if (!row) throw new Refusal("not-found", "There is no such wording.");
  const clause = {
    id: row.clauseId,
    kind: ClauseKind.parse(row.clauseKind),
    level: row.level,
    heading: row.heading,
    body: z.array(Block).parse(row.body),
  };
  return { clause, position: row.position };
}

/** The update that makes the clause read so in a draft; only what it adds to `state`. */
function restoreUpdate(state: Uint8Array, clause: Clause, position: number, clientId: number): Uint8Array {
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, state);
  doc.clientID = clientId;
  const before = Y.encodeStateVector(doc);
  const root = doc.getXmlFragment(charterRoot);
  const elements = clauseElements(doc);
  const standing = elements.find((one) => one.id === clause.id);
  doc.transact(() => {
    if (standing) {
      const { element } = standing;
      const heading = new Y.XmlElement("clauseHeading");
      if (clause.heading !== "") heading.insert(0, [new Y.XmlText(clause.heading)]);
      element.delete(0, element.length);
      element.insert(0, [heading, ...clause.body.map(blockElement)]);
      return;
    }
    // Where it stood among the clauses; after the last one when there are fewer now, or when its place is not known.
    const next = position >= 0 ? elements[position]?.element : undefined;
    root.insert(next ? root.toArray().indexOf(next) : root.length, [clauseElement(clause)]);
  });
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  return update;
}
