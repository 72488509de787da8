import { Chip } from "#app/_ui/frame.tsx";
import { WordDiff } from "#app/_ui/word-diff.tsx";
import type { ClauseChange, TextComparison } from "#lib/domain/clause-diff.ts";
import { changeWords } from "./authors.tsx";

/** Two texts read against each other: what changed is shown, unchanged clauses are folded with their count. */
export function Comparison({ comparison }: { comparison: TextComparison }) {
  const { counts, title } = comparison;
  const isSameTitle = title.every((run) => run.kind === "same");
  if (isSameTitle && counts.unchanged === comparison.clauses.length) {
    return <p className="text-muted">The two texts read the same, word for word.</p>;
  }
  return (
    <div>
      <p className="mb-6 text-muted">{sentence(counts)}</p>
      {isSameTitle ? null : (
        <p className="mb-6 font-semibold font-serif text-2xl">
          <WordDiff runs={title} />
        </p>
      )}
      <div className="charter-text">
        {folded(comparison.clauses).map((group) =>
          group.isFolded ? (
            <details key={group.key} className="my-2 border-line border-y py-2 font-sans text-sm">
              <summary className="text-muted">
                {group.clauses.length === 1 ? "1 clause unchanged" : `${group.clauses.length} clauses unchanged`}
              </summary>
              <div className="mt-2 font-serif text-base">
                {group.clauses.map((one) => (
                  <Changed key={one.id} one={one} isQuiet />
                ))}
              </div>
            </details>
          ) : (
            group.clauses.map((one) => <Changed key={one.id} one={one} />)
          ),
        )}
      </div>
    </div>
  );
}

function Changed({ one, isQuiet = false }: { one: ClauseChange; isQuiet?: boolean }) {
  const clause = one.to ?? one.from;
  const isRenumbered = one.from && one.to && one.from.number !== one.to.number;
  return (
    <section
      className="clause"
      data-kind={clause?.kind}
      aria-label={`Clause ${clause?.number || clause?.heading || ""}`}
    >
      <div className="clause-number">{clause?.number}</div>
      <div className="min-w-0">
        {isQuiet ? null : (
          <p className="flex flex-wrap gap-2 font-sans text-sm">
            <Chip tone={one.change === "removed" ? "problem" : one.change === "added" ? "good" : "plain"}>
              {changeWords[one.change]}
            </Chip>
            {one.isMoved && one.change === "changed" ? <Chip>Moved</Chip> : null}
            {isRenumbered ? <span className="text-muted">was {one.from?.number || "unnumbered"}</span> : null}
          </p>
        )}
        {one.heading.length > 0 ? (
          <h3 className="clause-heading">
            <WordDiff runs={one.heading} />
          </h3>
        ) : null}
        <p>
          <WordDiff runs={one.body} />
        </p>
      </div>
    </section>
  );
}

type Group = { readonly key: string; readonly isFolded: boolean; readonly clauses: ClauseChange[] };

function folded(clauses: readonly ClauseChange[]): Group[] {
  const groups: Group[] = [];
  for (const one of clauses) {
    const isFolded = one.change === "unchanged";
    const last = groups.at(-1);
    if (last?.isFolded === isFolded) last.clauses.push(one);
    else groups.push({ key: one.id, isFolded, clauses: [one] });
  }
  return groups;
}

function sentence(counts: TextComparison["counts"]): string {
  const parts = [
    [counts.added, "added"],
    [counts.removed, "deleted"],
    [counts.changed, "reworded"],
    [counts.moved, "moved"],
    [counts.unchanged, "unchanged"],
  ] as const;
  const words = parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  return words.length === 0 ? "Only the title differs." : `Clauses: ${words.join(", ")}.`;
}
