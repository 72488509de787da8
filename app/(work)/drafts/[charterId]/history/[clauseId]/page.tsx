import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Chip, Notice, Page } from "#app/_ui/frame.tsx";
import { formatMinute, Time } from "#app/_ui/time.tsx";
import { WordDiff } from "#app/_ui/word-diff.tsx";
import { WrittenBy } from "#app/_ui/written-by.tsx";
import { type ClauseAuthors, clauseAuthors } from "#lib/queries/clause-authors.ts";
import { type ClauseHistory, clauseHistory, type HistoryStep } from "#lib/queries/clause-history.ts";
import { Authors, changeWords } from "../../../_parts/authors.tsx";
import { DraftHeader } from "../../../_parts/draft-header.tsx";
import { restoreClauseAction } from "../../actions.ts";

export const metadata: Metadata = { title: "History of a clause" };

export default async function ClauseHistoryPage({
  params,
}: {
  params: Promise<{ charterId: string; clauseId: string }>;
}) {
  const { charterId, clauseId } = await params;
  const actor = await currentActor();
  const path = `/drafts/${charterId}/history/${clauseId}`;
  const { view, written } = await requirePage(path, async () => {
    const ctx = contextFor(actor);
    return {
      view: await clauseHistory(ctx, { charterId, clauseId }),
      written: await clauseAuthors(ctx, { charterId, clauseId }),
    };
  });
  const first = view.steps[0];
  const name = [view.number, view.heading].filter(Boolean).join(" ");
  return (
    <Page>
      <DraftHeader
        head={view.head}
        current="/history"
        title={name ? `History of clause ${name}` : "History of a clause"}
      />
      <p className="mb-6 text-sm">
        <Link href={`/drafts/${charterId}/history`}>All changes</Link>
        {view.isDeleted ? null : (
          <>
            {" · "}
            <Link href={`/drafts/${charterId}/edit#c-${clauseId}`}>The clause in the text</Link>
          </>
        )}
      </p>
      {view.isDeleted ? (
        <div className="mb-6">
          <Notice tone="wait" title="This clause is deleted">
            It can be brought back under the same permanent id, from any wording below.
          </Notice>
        </div>
      ) : null}
      {view.steps.length === 1 && first ? (
        <p className="mb-6 text-muted">
          This clause has not changed since it was first written on {formatMinute(first.at)}.
        </p>
      ) : null}
      <WhoWroteThis written={written} isDeleted={view.isDeleted} />
      <ol className="divide-y divide-line border-line border-y">
        {view.steps.map((step) => (
          <Step key={step.revisionId} view={view} step={step} />
        ))}
      </ol>
    </Page>
  );
}

function WhoWroteThis({ written, isDeleted }: { written: ClauseAuthors; isDeleted: boolean }) {
  return (
    <details className="mb-6 border-line border-t pt-3">
      <summary className="text-accent text-sm underline underline-offset-4">
        {isDeleted ? "Who wrote it, as it stood last" : "Who wrote this"}
      </summary>
      <div className="mt-3 max-w-[46rem]">
        <WrittenBy view={written} id="by" />
      </div>
    </details>
  );
}

function Step({ view, step }: { view: ClauseHistory; step: HistoryStep }) {
  return (
    <li className="grid gap-1 py-4 sm:grid-cols-[12rem_1fr] sm:gap-4">
      <div className="text-muted text-sm">
        <Time at={step.at} />
        <span className="block">
          <Authors authors={step.authors} />
        </span>
      </div>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2 text-sm">
          <Chip>{changeWords[step.kind] ?? step.kind}</Chip>
          <span className="text-muted">
            wording {step.number}
            {step.clauseNumber ? `, as clause ${step.clauseNumber}` : ""}
          </span>
          {step.isCurrent ? <Chip tone="good">reads so now</Chip> : null}
        </p>
        {step.reason ? <p className="mt-1 text-sm">Because: {step.reason}</p> : null}
        <div className="mt-2 font-serif text-lg leading-relaxed">
          {step.heading.length > 0 ? (
            <p className="font-semibold">
              <WordDiff runs={step.heading} />
            </p>
          ) : null}
          <p>
            <WordDiff runs={step.body} />
          </p>
        </div>
        {view.mayRestore && !step.isCurrent && step.kind !== "deleted" ? (
          <details className="mt-3">
            <summary className="text-accent text-sm underline underline-offset-4">Bring this wording back</summary>
            <ActionForm
              action={restoreClauseAction}
              submit="Bring it back"
              tone="plain"
              className="mt-3 grid max-w-md gap-3"
            >
              <input type="hidden" name="charterId" value={view.head.charterId} />
              <input type="hidden" name="revisionId" value={step.revisionId} />
              <label className="grid gap-1.5 font-medium text-sm">
                Why (optional)
                <input
                  name="reason"
                  maxLength={500}
                  className="rounded-sm border border-line bg-sheet px-3 py-2 font-normal text-base"
                />
              </label>
              <p className="text-muted text-sm">
                It becomes a new edit in your name; nothing in the history is rewritten.
              </p>
            </ActionForm>
          </details>
        ) : null}
      </div>
    </li>
  );
}
