import { diffWordsWithSpace } from "diff";
import { type Block, type CharterText, type Clause, type NumberedClause, numbered } from "./charter-text.ts";

/** A stretch of words that two wordings share, or that only the later (added) or the earlier one (removed) has. */
export type Run = { readonly kind: "same" | "added" | "removed"; readonly text: string };

/** What became of one clause between two texts, found by its id. */
export type ClauseChange = {
  readonly id: string;
  /** `moved` says that only its place changed; a clause with another wording is `changed`, whether it moved or not. */
  readonly change: "added" | "removed" | "changed" | "moved" | "unchanged";
  /** Whether it stands elsewhere among the clauses that both texts have, or at another level. */
  readonly isMoved: boolean;
  readonly from: NumberedClause | null;
  readonly to: NumberedClause | null;
  readonly heading: readonly Run[];
  /** The body as one text: blocks apart by a line feed, list items led by "• ". */
  readonly body: readonly Run[];
};

/** Two texts compared: title, then clauses in the order of the later text, removed ones where they stood. */
export type TextComparison = {
  readonly title: readonly Run[];
  readonly clauses: readonly ClauseChange[];
  readonly counts: Readonly<Record<ClauseChange["change"], number>>;
};

/** Beyond this many word edits two wordings count as wholly different: a bound on time, not on meaning. */
const editsMax = 2_000;

/** The word-level differences of two wordings; joining all runs but the added ones gives `from`, all but the removed ones `to`. */
export function wordDifferences(from: string, to: string): Run[] {
  if (from === to) return from === "" ? [] : [{ kind: "same", text: from }];
  const changes = diffWordsWithSpace(from, to, { maxEditLength: editsMax });
  if (!changes) return [run("removed", from), run("added", to)].filter((one) => one.text !== "");
  return phrases(changes.map((one) => run(one.added ? "added" : one.removed ? "removed" : "same", one.value)));
}

/**
 * Joins changes that only a space stands between: a phrase that was replaced reads as the old phrase and then the new one,
 * not word by word in turns.
 */
function phrases(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (let at = 0; at < runs.length; ) {
    const one = runs[at];
    if (!one) break;
    if (one.kind === "same") {
      joined.push(one);
      at += 1;
      continue;
    }
    let removed = "";
    let added = "";
    for (let next = runs[at]; next && isOfPhrase(runs, at); next = runs[at]) {
      if (next.kind !== "added") removed += next.text;
      if (next.kind !== "removed") added += next.text;
      at += 1;
    }
    joined.push(...[run("removed", removed), run("added", added)].filter((part) => part.text !== ""));
  }
  return joined;
}

/** A change, or the space between two changes. */
function isOfPhrase(runs: readonly Run[], at: number): boolean {
  const one = runs[at];
  if (!one) return false;
  if (one.kind !== "same") return true;
  const next = runs[at + 1];
  return /^[^\S\n]+$/.test(one.text) && next !== undefined && next.kind !== "same";
}

/** Compares two charter texts clause by clause. */
export function compareTexts(from: CharterText, to: CharterText): TextComparison {
  const before = numbered(from.clauses);
  const after = numbered(to.clauses);
  const old = new Map(before.map((clause) => [clause.id, clause]));
  const kept = new Set(after.filter((clause) => old.has(clause.id)).map((clause) => clause.id));
  const steady = steadyIds(before, after);
  const changes = after.map((clause) => changeOf(old.get(clause.id) ?? null, clause, !steady.has(clause.id)));
  const clauses = withRemoved(changes, before, kept);
  const counts = { added: 0, removed: 0, changed: 0, moved: 0, unchanged: 0 };
  for (const one of clauses) counts[one.change] += 1;
  return { title: wordDifferences(from.title, to.title), clauses, counts };
}

/** A body as one text for reading and comparing: blocks apart by a line feed, list items led by "• ", deeper ones indented. */
export function bodyText(body: readonly Block[]): string {
  return body
    .map((block) => (block.kind === "li" ? `${"  ".repeat(block.level - 1)}• ${block.text}` : block.text))
    .join("\n");
}

/** The first words of a body in one line, cut after a whole word. */
export function excerptOf(body: readonly Block[]): string {
  const line = bodyText(body).replaceAll(/\s+/g, " ").trim();
  return line.length > 140 ? `${line.slice(0, 139).replace(/\s+\S*$/, "")} …` : line;
}

/** Whether two clauses read the same: heading and body. Place, level and number do not matter here. */
export function isSameWording(
  left: Pick<Clause, "heading" | "body">,
  right: Pick<Clause, "heading" | "body">,
): boolean {
  return left.heading === right.heading && JSON.stringify(left.body) === JSON.stringify(right.body);
}

function changeOf(from: NumberedClause | null, to: NumberedClause, isElsewhere: boolean): ClauseChange {
  const heading = wordDifferences(from?.heading ?? "", to.heading);
  const body = wordDifferences(bodyText(from?.body ?? []), bodyText(to.body));
  if (!from) return { id: to.id, change: "added", isMoved: false, from, to, heading, body };
  const isMoved = isElsewhere || from.kind !== to.kind || from.level !== to.level;
  const change = isSameWording(from, to) ? (isMoved ? "moved" : "unchanged") : "changed";
  return { id: to.id, change, isMoved, from, to, heading, body };
}

function withRemoved(
  changes: readonly ClauseChange[],
  before: readonly NumberedClause[],
  kept: ReadonlySet<string>,
): ClauseChange[] {
  // A removed clause is shown behind the nearest clause before it that is still there.
  const behind = new Map<string | null, ClauseChange[]>();
  let anchor: string | null = null;
  for (const clause of before) {
    if (kept.has(clause.id)) {
      anchor = clause.id;
      continue;
    }
    const list = behind.get(anchor) ?? [];
    list.push({
      id: clause.id,
      change: "removed",
      isMoved: false,
      from: clause,
      to: null,
      heading: wordDifferences(clause.heading, ""),
      body: wordDifferences(bodyText(clause.body), ""),
    });
    behind.set(anchor, list);
  }
  return [...(behind.get(null) ?? []), ...changes.flatMap((one) => [one, ...(behind.get(one.id) ?? [])])];
}

/** The longest run of shared clauses that keep their order: all the others have moved. */
function steadyIds(before: readonly Clause[], after: readonly Clause[]): Set<string> {
  const places = new Map(before.map((clause, at) => [clause.id, at]));
  const shared = after.flatMap((clause) => {
    const place = places.get(clause.id);
    return place === undefined ? [] : [{ id: clause.id, place }];
  });
  // Patience sorting: `tails[n]` ends the best run of length n + 1, and `previous` leads back through it.
  const tails: number[] = [];
  const previous: number[] = [];
  shared.forEach(({ place }, at) => {
    let length = 0;
    for (let high = tails.length; length < high; ) {
      const middle = (length + high) >> 1;
      if (placeAt(shared, tails[middle]) < place) length = middle + 1;
      else high = middle;
    }
    previous[at] = length > 0 ? (tails[length - 1] ?? -1) : -1;
    tails[length] = at;
  });
  const steady = new Set<string>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const one = shared[at];
    if (one) steady.add(one.id);
  }
  return steady;
}

function placeAt(shared: readonly { readonly place: number }[], at: number | undefined): number {
  return (at === undefined ? undefined : shared[at]?.place) ?? -1;
}

function run(kind: Run["kind"], text: string): Run {
  return { kind, text };
}
