import Link from "next/link";
import { LinkButton } from "#app/_ui/button.tsx";
import { Chip, EmptyState, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { positionWords } from "#lib/domain/adoption.ts";
import type { CharterDashboard } from "#lib/queries/charter-dashboard.ts";

export function FrozenText({
  view,
  version,
}: {
  view: CharterDashboard;
  version: NonNullable<CharterDashboard["version"]>;
}) {
  return (
    <Section
      title={
        view.head.state === "ADOPTED" ? `Version ${version.number}, adopted` : `Candidate for version ${version.number}`
      }
    >
      <div className="flex flex-wrap items-center gap-6">
        <Seal hashHex={version.sha256Hex} size={72} />
        <div className="min-w-0">
          <p className="text-muted text-sm">Fingerprint (SHA-256) of the exact text</p>
          <Fingerprint hashHex={version.sha256Hex} />
          {view.adoption && view.head.state === "FINAL_CALL" ? (
            <p className="mt-2 text-sm">
              {view.adoption.adopted ? "The adoption rule is met." : view.adoption.missing.join(" ")}
            </p>
          ) : null}
        </div>
      </div>
    </Section>
  );
}

export function Clauses({ view }: { view: CharterDashboard }) {
  const base = `/drafts/${view.head.charterId}`;
  if (view.clauses.length === 0) {
    return (
      <Section title="Clauses">
        <EmptyState sentence="The text has no clause yet.">
          <LinkButton href={`${base}/edit`}>Write the first one</LinkButton>
        </EmptyState>
      </Section>
    );
  }
  const isPositioned = view.participants.some((one) => one.position !== null);
  return (
    <Section
      title="Clauses"
      lead={
        isPositioned
          ? undefined
          : "No organization has taken a position yet. Positions are taken on the candidate, once the text is frozen."
      }
    >
      <Table caption="Clauses with their comments and changes">
        <thead>
          <tr>
            <HeadCell>No.</HeadCell>
            <HeadCell>Clause</HeadCell>
            <HeadCell className="hidden sm:table-cell">Open comments</HeadCell>
            <HeadCell>Changes</HeadCell>
          </tr>
        </thead>
        <tbody>
          {view.clauses.map((clause) => (
            <tr key={clause.id}>
              <Cell className="whitespace-nowrap text-muted tabular-nums">{clause.number || "–"}</Cell>
              <RowHead className="font-normal">
                <Link href={`${base}/edit#c-${clause.id}`} className="text-ink no-underline hover:underline">
                  {clause.heading ? <span className="block font-medium">{clause.heading}</span> : null}
                  {clause.excerpt ? <span className="block text-muted">{clause.excerpt}</span> : null}
                  {clause.heading || clause.excerpt ? null : <span className="text-muted">No words yet</span>}
                </Link>
                {clause.openThreads > 0 ? (
                  <span className="mt-1 block sm:hidden">
                    <Chip tone="wait">{commentsWords(clause.openThreads)}</Chip>
                  </span>
                ) : null}
              </RowHead>
              <Cell className="hidden sm:table-cell">
                {clause.openThreads > 0 ? (
                  <Chip tone="wait">{clause.openThreads} open</Chip>
                ) : (
                  <span className="text-muted">none</span>
                )}
              </Cell>
              <Cell>
                <Link href={`${base}/history/${clause.id}`}>
                  {clause.changes === 0
                    ? "unchanged"
                    : `${clause.changes} ${clause.changes === 1 ? "change" : "changes"}`}
                </Link>
                {clause.lastChangedAt ? (
                  <span className="hidden whitespace-nowrap text-muted sm:block">
                    <Time at={clause.lastChangedAt} style="date" />
                  </span>
                ) : null}
              </Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}

function commentsWords(count: number): string {
  return count === 1 ? "1 open comment" : `${count} open comments`;
}

export function Participants({ view }: { view: CharterDashboard }) {
  return (
    <Section title="At the table">
      <ul className="divide-y divide-line border-line border-y">
        {view.participants.map((one) => (
          <li key={one.organizationId} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <span>
              <span className="font-medium">{one.name}</span>{" "}
              <span className="text-muted text-sm">
                {[
                  one.isConvenor ? "convenor" : "",
                  one.isDepositary ? "depositary" : "",
                  one.isEditor ? "" : "reads and comments",
                ]
                  .filter(Boolean)
                  .join(", ")}
              </span>
            </span>
            <span className="flex flex-wrap gap-2">
              {one.hasOpened ? null : <Chip>has not opened the draft</Chip>}
              {one.position ? (
                <Chip tone={one.isStale ? "wait" : one.position === "OBJECT" ? "problem" : "good"}>
                  {positionWords[one.position]}
                  {one.isStale ? ", stale" : ""}
                </Chip>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-3 text-sm">
        <Link href={`/drafts/${view.head.charterId}/people`}>Organizations and invitations</Link>
      </p>
    </Section>
  );
}
