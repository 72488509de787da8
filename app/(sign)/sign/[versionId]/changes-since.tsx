import type { Ceremony } from "#lib/queries/ceremony.ts";
import { ChangedClauses } from "../../_ceremony/changed-clauses.tsx";

/** What changed since the version the organization signed before, clause by clause; unchanged ones folded with their count. */
export function ChangesSince({ since, number }: { since: NonNullable<Ceremony["since"]>; number: number }) {
  const changed = since.comparison.clauses.filter((one) => one.change !== "unchanged");
  const same = since.comparison.counts.unchanged;
  return (
    <details className="mb-6 border-line border-b pb-4" open={changed.length > 0}>
      <summary className="cursor-pointer font-medium">
        Changed since version {since.number}, which your organization signed: {changed.length}{" "}
        {changed.length === 1 ? "clause" : "clauses"}
      </summary>
      <p className="mt-2 text-muted text-sm">
        {same} {same === 1 ? "clause is" : "clauses are"} as before. Your signature on version {since.number} stays on
        that text; it does not carry over to version {number}.
      </p>
      <ChangedClauses clauses={changed} />
    </details>
  );
}
