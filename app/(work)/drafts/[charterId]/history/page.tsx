import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Chip, EmptyState, Page, Section } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { WordDiff } from "#app/_ui/word-diff.tsx";
import { type DraftChange, draftHistory } from "#lib/queries/draft-history.ts";
import { Authors, changeWords } from "../../_parts/authors.tsx";
import { DraftHeader } from "../../_parts/draft-header.tsx";

export const metadata: Metadata = { title: "History" };

export default async function HistoryPage({
  params,
  searchParams,
}: {
  params: Promise<{ charterId: string }>;
  searchParams: SearchParams;
}) {
  const { charterId } = await params;
  const before = (await queryText(searchParams, "before")) ?? null;
  const actor = await currentActor();
  const path = `/drafts/${charterId}/history`;
  const view = await requirePage(path, () => draftHistory(contextFor(actor), { charterId, before }));
  return (
    <Page>
      <DraftHeader head={view.head} current="/history" title="How the text came to read so">
        <LinkButton href={`/drafts/${charterId}/compare`}>Compare two states</LinkButton>
      </DraftHeader>
      {view.milestones.length > 0 ? (
        <Section title="Milestones">
          <ol className="divide-y divide-line border-line border-y">
            {view.milestones.map((one) => (
              <li
                key={`${one.kind} ${one.at.toISOString()}`}
                className="grid gap-1 py-2.5 sm:grid-cols-[12rem_1fr] sm:gap-4"
              >
                <span className="text-muted text-sm">
                  <Time at={one.at} />
                </span>
                <span>{one.sentence}</span>
              </li>
            ))}
          </ol>
        </Section>
      ) : null}
      {view.deleted.length > 0 ? (
        <Section
          title="Deleted clauses"
          lead="Each can be brought back from its own history, under the same permanent id."
        >
          <ul className="list-disc ps-5">
            {view.deleted.map((one) => (
              <li key={one.clauseId}>
                <Link href={`${path}/${one.clauseId}`}>{one.heading}</Link>, deleted <Time at={one.at} />
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="Changes" lead="Newest first.">
        {view.changes.length === 0 ? (
          <EmptyState sentence="Nothing has been written yet." />
        ) : (
          <ol className="divide-y divide-line border-line border-y">
            {changesTogether(view.changes).map((changes) => (
              <ChangesTogether key={changes[0].revisionId} path={path} changes={changes} />
            ))}
          </ol>
        )}
        {view.next ? (
          <p className="mt-4">
            <Link href={`${path}?before=${view.next}`}>Earlier changes</Link>
          </p>
        ) : null}
      </Section>
    </Page>
  );
}

/** A template or an import adds dozens of clauses at one moment: one line to read, each of them behind it. */
const apartMax = 3;

function ChangesTogether({ path, changes }: { path: string; changes: Together }) {
  if (changes.length <= apartMax) return changes.map((one) => <Change key={one.revisionId} path={path} change={one} />);
  const [first] = changes;
  return (
    <li className="grid gap-1 py-4 sm:grid-cols-[12rem_1fr] sm:gap-4">
      <div className="text-muted text-sm">
        <Time at={first.at} />
        <span className="block">
          <Authors authors={first.authors} />
        </span>
      </div>
      <details className="min-w-0">
        <summary className="cursor-pointer text-sm">
          <Chip>{changeWords[first.kind] ?? first.kind}</Chip>{" "}
          <span className="ms-1">{changes.length} clauses at once</span>
        </summary>
        <ol className="mt-2 divide-y divide-line border-line border-t">
          {changes.map((one) => (
            <Change key={one.revisionId} path={path} change={one} />
          ))}
        </ol>
      </details>
    </li>
  );
}

type Together = readonly [DraftChange, ...DraftChange[]];

/** Neighbours of one kind, by the same people, at the same moment and for the same reason. */
function changesTogether(changes: readonly DraftChange[]): Together[] {
  const groups: [DraftChange, ...DraftChange[]][] = [];
  for (const change of changes) {
    const group = groups.at(-1);
    if (group && momentOf(group[0]) === momentOf(change)) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

function momentOf({ kind, at, authors, reason }: DraftChange): string {
  return JSON.stringify([kind, at, authors, reason]);
}

function Change({ path, change }: { path: string; change: DraftChange }) {
  return (
    <li className="grid gap-1 py-4 sm:grid-cols-[12rem_1fr] sm:gap-4">
      <div className="text-muted text-sm">
        <Time at={change.at} />
        <span className="block">
          <Authors authors={change.authors} />
        </span>
      </div>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <Chip>{changeWords[change.kind] ?? change.kind}</Chip>
          <Link href={`${path}/${change.clauseId}`}>
            {[change.clauseNumber, change.clauseHeading].filter(Boolean).join(" ") || "A clause without a number"}
          </Link>
        </p>
        {change.reason ? <p className="mt-1 text-sm">Because: {change.reason}</p> : null}
        <div className="mt-2 font-serif">
          {change.kind === "moved" ? null : (
            <>
              {change.heading.length > 0 ? (
                <p className="font-semibold">
                  <WordDiff runs={change.heading} />
                </p>
              ) : null}
              <p>
                <WordDiff runs={change.body} />
              </p>
            </>
          )}
        </div>
      </div>
    </li>
  );
}
