import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Chip, Notice, Section } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { positionWords } from "#lib/domain/adoption.ts";
import type { CandidatePosition, CandidateView } from "#lib/queries/candidate-view.ts";
import { askAgainAction, takePositionAction } from "../[charterId]/actions.ts";
import { Comparison } from "./comparison.tsx";
import { PositionFields } from "./position-fields.client.tsx";

/** Where every organization stands on the candidate, by name, and the form for one's own position. */
export function Positions({
  view,
  candidate,
}: {
  view: CandidateView;
  candidate: NonNullable<CandidateView["candidate"]>;
}) {
  const { head, evaluation } = view;
  const stale = evaluation?.standing.STALE ?? [];
  return (
    <>
      <Section
        title="Positions"
        id="positions"
        lead="One per organization, by its representative. They stay with the organizations at the table."
      >
        <ul className="divide-y divide-line border-line border-y">
          {view.positions.map((one) => (
            <Position key={one.organizationId} one={one} />
          ))}
          {(evaluation?.standing.NONE ?? []).map((one) => (
            <li key={one.organizationId} className="flex flex-wrap justify-between gap-3 py-3">
              <span className="font-medium">{one.name}</span>
              <Chip>No position</Chip>
            </li>
          ))}
        </ul>
        {stale.length > 0 && head.may["run-drafting"] && !candidate.isAdopted ? (
          <div className="mt-4 grid gap-3">
            <Notice tone="wait" title={`${stale.length} ${stale.length === 1 ? "position" : "positions"} stale`}>
              Taken on an earlier text, they do not count.{" "}
              {view.isAskedAgain ? "They were asked again; you may remind them." : ""}
            </Notice>
            <ActionForm
              action={askAgainAction}
              submit={view.isAskedAgain ? "Remind them" : "Ask again"}
              tone="plain"
              className="grid gap-2"
            >
              <input type="hidden" name="charterId" value={head.charterId} />
            </ActionForm>
          </div>
        ) : null}
      </Section>
      {head.may["submit-position"] && !candidate.isAdopted ? (
        <OwnPosition view={view} versionId={candidate.versionId} />
      ) : null}
    </>
  );
}

function Position({ one }: { one: CandidatePosition }) {
  return (
    <li className="grid gap-2 py-3">
      <div className="flex flex-wrap justify-between gap-3">
        <span>
          <span className="font-medium">{one.name}</span>{" "}
          <span className="text-muted text-sm">
            {one.person ? `${one.person}, ` : ""}
            <Time at={one.at} />
          </span>
        </span>
        <span className="flex flex-wrap gap-2">
          {one.isFormerRepresentative ? <Chip tone="wait">by a former representative</Chip> : null}
          <Chip
            tone={
              one.isStale ? "wait" : one.value === "OBJECT" ? "problem" : one.value === "ABSTAIN" ? "plain" : "good"
            }
          >
            {positionWords[one.value]}
            {one.isStale ? ", stale" : ""}
          </Chip>
        </span>
      </div>
      {one.reason ? <p className="max-w-prose whitespace-pre-line text-sm">Reason: {one.reason}</p> : null}
      {one.remedy ? <p className="max-w-prose whitespace-pre-line text-sm">Remedy: {one.remedy}</p> : null}
    </li>
  );
}

function OwnPosition({ view, versionId }: { view: CandidateView; versionId: string }) {
  const { head, own } = view;
  // Words said about an earlier text are read above; they are not put into the answer to this one.
  const standing = own?.isStale ? undefined : own;
  return (
    <Section
      title={`The position of ${head.organization.name}`}
      id="position"
      lead="It counts on exactly this text and can be changed until the text is adopted."
    >
      <div className="grid gap-6">
        {own?.isStale ? (
          <Notice tone="wait" title="Your position is asked again">
            You took it on an earlier text: {positionWords[own.value]}.
          </Notice>
        ) : null}
        {view.changedSinceOwn ? (
          <details className="border-line border-y py-3" open>
            <summary className="font-medium">What changed since</summary>
            <div className="mt-4">
              <Comparison comparison={view.changedSinceOwn} />
            </div>
          </details>
        ) : null}
        <ActionForm
          action={takePositionAction}
          submit={`Record for ${head.organization.name}`}
          className="grid max-w-2xl gap-4"
        >
          <input type="hidden" name="charterId" value={head.charterId} />
          <input type="hidden" name="versionId" value={versionId} />
          <PositionFields
            key={versionId}
            standing={standing ? { value: standing.value, reason: standing.reason, remedy: standing.remedy } : null}
          />
        </ActionForm>
      </div>
    </Section>
  );
}
