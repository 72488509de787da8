import * as Y from "yjs";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { appendServerUpdate, loadRoomState } from "#lib/data/room-log.ts";
import { sqlOf } from "#lib/data/room-rows.ts";
import { type CharterText, type NumberedClause, numbered } from "#lib/domain/charter-text.ts";
import { blockElement, charterTextOf, clauseElements } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import type { World, WorldPerson } from "./world.ts";

/** The committed text of a charter's draft. */
export async function draftText(world: World, charterId: string): Promise<CharterText> {
  const doc = await draftDoc(world, charterId);
  const text = charterTextOf(doc);
  doc.destroy();
  return text;
}

/** The clause that stands under this number in the draft. */
export async function clauseAt(world: World, charterId: string, number: string): Promise<NumberedClause> {
  const found = numbered((await draftText(world, charterId)).clauses).find((one) => one.number === number);
  if (!found) throw new Error(`No clause ${number}.`);
  return found;
}

/** Gives a clause other words, as an edit of this person that is committed at once. */
export async function rewordClause(
  world: World,
  charterId: string,
  person: WorldPerson,
  clauseId: string,
  words: string,
): Promise<void> {
  await edit(world, charterId, person, (doc) => {
    const element = clauseElements(doc).find((one) => one.id === clauseId)?.element;
    if (!element) throw new Error(`No clause ${clauseId}.`);
    element.delete(1, element.length - 1);
    element.insert(1, [blockElement({ kind: "p", text: words })]);
  });
}

/** Gives a clause the words "As in" and a reference to another one. */
export async function referTo(
  world: World,
  charterId: string,
  person: WorldPerson,
  clauseId: string,
  target: string,
): Promise<void> {
  await rewordClause(world, charterId, person, clauseId, "As in ");
  await edit(world, charterId, person, (doc) => {
    const block = clauseElements(doc)
      .find((one) => one.id === clauseId)
      ?.element.get(1);
    if (!(block instanceof Y.XmlElement)) throw new Error(`Clause ${clauseId} has no body.`);
    const reference = new Y.XmlElement("clauseReference");
    reference.setAttribute("target", target);
    block.insert(1, [reference]);
  });
}

/** Deletes a clause, as an edit of this person that is committed at once. */
export async function deleteClause(
  world: World,
  charterId: string,
  person: WorldPerson,
  clauseId: string,
): Promise<void> {
  await edit(world, charterId, person, (doc) => {
    const root = doc.getXmlFragment(charterRoot);
    const element = clauseElements(doc).find((one) => one.id === clauseId)?.element;
    if (!element) throw new Error(`No clause ${clauseId}.`);
    root.delete(root.toArray().indexOf(element), 1);
  });
}

/** Commits any change to the draft as an edit of this person. */
export async function edit(
  world: World,
  charterId: string,
  person: WorldPerson,
  change: (doc: Y.Doc) => void,
): Promise<void> {
  world.advance(60_000);
  const { room } = await loadRound(world.store.db, charterId);
  const doc = await draftDoc(world, charterId);
  const before = Y.encodeStateVector(doc);
  doc.transact(() => change(doc));
  const update = Y.encodeStateAsUpdate(doc, before);
  doc.destroy();
  await world.store.db.$transaction((tx) =>
    appendServerUpdate(sqlOf(tx), room.id, update, {
      userId: person.userId,
      organizationId: person.organization?.id ?? null,
      via: "socket",
    }),
  );
}

async function draftDoc(world: World, charterId: string): Promise<Y.Doc> {
  const { room } = await loadRound(world.store.db, charterId);
  const { state } = await loadRoomState(sqlOf(world.store.db), room.id);
  const doc = new Y.Doc({ gc: false });
  Y.applyUpdate(doc, state);
  return doc;
}
