import { WordDiff } from "#app/_ui/word-diff.tsx";
import type { ClauseChange } from "#lib/domain/clause-diff.ts";
import { counted } from "./words.ts";

/** What changed between two texts, clause by clause; neighbours that did not are folded into their count. */
export function ClauseChanges({ clauses, slug }: { clauses: readonly ClauseChange[]; slug: string }) {
  return (
    <ol>
      {folded(clauses).map((part) =>
        "count" in part ? (
          <li key={part.key} className="border-line border-y border-dashed py-2 text-muted text-sm">
            {counted(part.count, "clause")} unchanged
          </li>
        ) : (
          <Change key={part.clause.id} clause={part.clause} slug={slug} />
        ),
      )}
    </ol>
  );
}

type Part = { readonly clause: ClauseChange } | { readonly key: string; readonly count: number };

function folded(clauses: readonly ClauseChange[]): Part[] {
  const parts: Part[] = [];
  for (const clause of clauses) {
    const last = parts.at(-1);
    if (clause.change !== "unchanged") parts.push({ clause });
    else if (last && "count" in last) parts[parts.length - 1] = { ...last, count: last.count + 1 };
    else parts.push({ key: `unchanged-${clause.id}`, count: 1 });
  }
  return parts;
}

function Change({ clause, slug }: { clause: ClauseChange; slug: string }) {
  const number = numbersOf(clause);
  return (
    <li className="py-4">
      <p className="text-muted text-sm">
        <a href={`/c/${slug}/clauses/${clause.id}`}>{number || "Preamble"}</a> · {clause.change}
        {clause.change === "changed" && clause.isMoved ? " and moved" : ""}
      </p>
      <div className="mt-1 font-serif text-lg">
        {clause.heading.length > 0 ? (
          <p className="font-semibold">
            <WordDiff runs={clause.heading} />
          </p>
        ) : null}
        {clause.body.length > 0 ? (
          <p>
            <WordDiff runs={clause.body} />
          </p>
        ) : null}
      </div>
    </li>
  );
}

function numbersOf({ from, to }: ClauseChange): string {
  if (from && to && from.number !== to.number) return `${from.number || "–"} → ${to.number || "–"}`;
  return (to ?? from)?.number ?? "";
}
