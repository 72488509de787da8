import { WordDiff } from "#app/_ui/word-diff.tsx";
import type { ClauseChange } from "#lib/domain/clause-diff.ts";

/** The clauses that differ between two texts, word by word. */
export function ChangedClauses({ clauses }: { clauses: readonly ClauseChange[] }) {
  return (
    <ul className="mt-3 grid gap-4">
      {clauses.map((one) => (
        <li key={one.id}>
          <p className="text-muted text-sm">
            Clause {one.to?.number ?? one.from?.number} · {one.change}
          </p>
          {one.heading.length > 0 ? (
            <p className="font-medium font-serif">
              <WordDiff runs={one.heading} />
            </p>
          ) : null}
          <p className="font-serif">
            <WordDiff runs={one.body} />
          </p>
        </li>
      ))}
    </ul>
  );
}
