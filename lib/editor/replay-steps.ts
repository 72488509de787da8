import * as Y from "yjs";
import { isSameAuthor } from "#lib/domain/word-authors.ts";
import type { Author } from "#lib/domain/word-rows.ts";
import { clauseElements } from "./clauses.ts";
import { charterRoot } from "./schema.ts";

/** An update of a draft, and who sent it; nobody for what the system did by itself. */
export type SentUpdate = {
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly payload: Uint8Array;
};

/** What one person did to a draft before somebody else did something: the clauses touched, null for one that is gone. */
export type Step = {
  readonly actor: Author | null;
  readonly clauses: ReadonlyMap<string, Y.XmlElement | null>;
};

/**
 * Brings a draft up to date, step by step; `onStep` is called while the draft reads as it did behind the step. Between two steps `isEnough` may end it.
 *
 * @returns how many of the updates the draft has now.
 */
export function replaySteps(
  doc: Y.Doc,
  updates: readonly SentUpdate[],
  onStep: (step: Step) => void,
  isEnough: () => boolean = () => false,
): number {
  const root = doc.getXmlFragment(charterRoot);
  const touched = new Set<unknown>();
  let areIdsStale = false;
  // The types Yjs hands out here are wider than what a room holds; anything else is no clause and is passed over.
  const note = (events: Y.YEvent<Y.AbstractType<unknown>>[]) => {
    for (const event of events) {
      const target: Y.AbstractType<unknown> = event.target;
      const isRoot = target === root;
      if (isRoot || hasNewId(event)) areIdsStale = true;
      if (!isRoot) touched.add(childOf(root, target));
    }
  };
  let standing = elementsOf(doc);
  const close = (actor: Step["actor"]) => {
    const now = areIdsStale ? elementsOf(doc) : standing;
    const clauses = new Map<string, Y.XmlElement | null>();
    for (const [id, element] of now) {
      if (touched.has(element) || standing.get(id) !== element) clauses.set(id, element);
    }
    for (const id of standing.keys()) if (!now.has(id)) clauses.set(id, null);
    standing = now;
    areIdsStale = false;
    touched.clear();
    if (clauses.size > 0) onStep({ actor, clauses });
  };
  root.observeDeep(note);
  let actor: Step["actor"] = null;
  let taken = 0;
  for (const { userId, organizationId, payload } of updates) {
    const next = userId === null || organizationId === null ? null : { userId, organizationId };
    if (!isSameAuthor(actor, next)) {
      close(actor);
      if (isEnough()) break;
    }
    actor = next;
    Y.applyUpdate(doc, payload);
    taken += 1;
  }
  close(actor);
  root.unobserveDeep(note);
  return taken;
}

function hasNewId(event: Y.YEvent<Y.AbstractType<unknown>>): boolean {
  return event instanceof Y.YXmlEvent && event.attributesChanged.has("id");
}

/** The child of the root that something is in. */
function childOf(root: Y.XmlFragment, within: Y.AbstractType<unknown>): unknown {
  let at: Y.AbstractType<unknown> | null = within;
  while (at && at.parent !== root) at = at.parent;
  return at;
}

function elementsOf(doc: Y.Doc): Map<string, Y.XmlElement> {
  return new Map(clauseElements(doc).map(({ id, element }) => [id, element]));
}
