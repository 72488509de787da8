import * as Y from "yjs";
import { captureRevisions } from "#lib/commands/clause-revisions.ts";
import { appendServerUpdate, loadRoomState } from "#lib/data/room-log.ts";
import { sqlOf } from "#lib/data/room-rows.ts";
import { type Store, transaction } from "#lib/data/store.ts";
import { newClauseId } from "#lib/domain/ids.ts";
import { clauseElement, clauseElements, plainText } from "#lib/editor/clauses.ts";
import { charterRoot } from "#lib/editor/schema.ts";
import type { DemoActor } from "./people.ts";

/** One change to a draft, as a drafter would make it: some words for others, a clause more, a clause less. */
export type Change =
  | { readonly kind: "reword"; readonly find: string; readonly put: string }
  | { readonly kind: "add"; readonly after: string; readonly text: string }
  | { readonly kind: "remove"; readonly find: string };

/** Writes a change into a room in the name of a person, dated `at`, as one update of the log; gives back the clause it touched. */
export async function write(
  db: Store["db"],
  roomId: string,
  person: DemoActor,
  at: Date,
  change: Change,
): Promise<string> {
  return transaction(db, async (tx) => {
    const { state } = await loadRoomState(sqlOf(tx), roomId);
    const doc = new Y.Doc({ gc: false });
    Y.applyUpdate(doc, state);
    const before = Y.encodeStateVector(doc);
    const clauseId = doc.transact(() => apply(doc, change));
    const update = Y.encodeStateAsUpdate(doc, before);
    doc.destroy();
    const { userId, organizationId } = person;
    await appendServerUpdate(sqlOf(tx), roomId, update, { userId, organizationId, via: "socket" }, at);
    await captureRevisions(tx, roomId, at);
    return clauseId;
  });
}

function apply(doc: Y.Doc, change: Change): string {
  const { clauseId, element, text } = find(doc, change.kind === "add" ? change.after : change.find);
  const root = doc.getXmlFragment(charterRoot);
  switch (change.kind) {
    case "reword": {
      const start = plainText(text).indexOf(change.find);
      // Only the words that differ are touched, so that the rest keeps its author.
      text.delete(start, change.find.length);
      text.insert(start, change.put);
      return clauseId;
    }
    case "remove":
      root.delete(root.toArray().indexOf(element), 1);
      return clauseId;
    case "add": {
      const id = newClauseId((bytes) => crypto.getRandomValues(bytes));
      const level = Number(element.getAttribute("level")) || 1;
      const body = [{ kind: "p" as const, text: change.text }];
      const clause = clauseElement({ id, kind: "clause", level: Math.max(level, 1), heading: "", body });
      root.insert(root.toArray().indexOf(element) + 1, [clause]);
      return id;
    }
  }
}

function find(doc: Y.Doc, words: string): { clauseId: string; element: Y.XmlElement; text: Y.XmlText } {
  for (const { id, element } of clauseElements(doc)) {
    for (const text of textsOf(element)) if (plainText(text).includes(words)) return { clauseId: id, element, text };
  }
  throw new Error(`The demo text has no words “${words}”.`);
}

function textsOf(element: Y.XmlElement): Y.XmlText[] {
  return element
    .toArray()
    .flatMap((child) => (child instanceof Y.XmlText ? [child] : child instanceof Y.XmlElement ? textsOf(child) : []));
}
