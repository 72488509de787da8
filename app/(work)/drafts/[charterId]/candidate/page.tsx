import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { TextArea } from "#app/_ui/field.tsx";
import { Notice, Page, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { Time } from "#app/_ui/time.tsx";
import { type CandidateView, candidateView } from "#lib/queries/candidate-view.ts";
import { DraftHeader } from "../../_parts/draft-header.tsx";
import { Positions } from "../../_parts/positions.tsx";
import {
  adoptCandidateAction,
  backToDraftingAction,
  closeWithoutAdoptionAction,
  freezeCandidateAction,
  withdrawCandidateAction,
} from "../actions.ts";

export const metadata: Metadata = { title: "Candidate" };

export default async function CandidatePage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const path = `/drafts/${charterId}/candidate`;
  const view = await requirePage(path, () => candidateView(contextFor(actor), { charterId }));
  const { candidate, head } = view;
  const title = candidate
    ? `${candidate.isAdopted ? "Version" : "Candidate for version"} ${candidate.number}`
    : head.state === "ABANDONED"
      ? "The text as it was left"
      : "Before the text is frozen";
  return (
    <Page>
      <DraftHeader head={head} current="/candidate" title={title}>
        {candidate?.isAdopted && head.may["open-for-signature"] ? (
          <LinkButton tone="primary" href={`/drafts/${charterId}/signing`}>
            Go to signing
          </LinkButton>
        ) : null}
        <LinkButton href={`/drafts/${charterId}/compare`}>What changed</LinkButton>
        <LinkButton href={`/drafts/${charterId}/print`}>Print</LinkButton>
      </DraftHeader>
      {candidate ? <Frozen candidate={candidate} /> : <Freeze view={view} />}
      {candidate ? <Positions view={view} candidate={candidate} /> : null}
      {candidate && !candidate.isAdopted ? <Decide view={view} versionId={candidate.versionId} /> : null}
      <Section title="The text, to read through" id="text">
        <p className="mb-4 font-semibold font-serif text-2xl">{view.title}</p>
        <CharterBody clauses={view.clauses} />
      </Section>
    </Page>
  );
}

function Frozen({ candidate }: { candidate: NonNullable<CandidateView["candidate"]> }) {
  return (
    <div className="mb-10 flex flex-wrap items-center gap-6">
      <Seal hashHex={candidate.sha256Hex} />
      <div className="min-w-0 max-w-prose">
        <p className="text-muted text-sm">
          Frozen on <Time at={candidate.frozenAt} />, after edit {candidate.roomSeq} of this round. Fingerprint
          (SHA-256):
        </p>
        <p className="my-1">
          <Fingerprint hashHex={candidate.sha256Hex} />
        </p>
        <p className="text-muted text-sm">
          The same text always gives the same seal. It is a help for the eye; the fingerprint is the proof. Comments are
          no part of it.
        </p>
      </div>
    </div>
  );
}

/** What stands in the way of freezing, and the button. */
function Freeze({ view }: { view: CandidateView }) {
  const { head, findings } = view;
  const blockers = findings.filter((one) => one.weight === "blocker");
  const warnings = findings.filter((one) => one.weight === "warning");
  if (head.state === "ABANDONED")
    return <Notice title="Closed without adoption">No text of this round was adopted.</Notice>;
  const list = (items: typeof findings) => (
    <ul className="grid gap-1">
      {items.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two findings may read alike, and the list is made anew each time
        <li key={at}>
          {one.sentence}{" "}
          {one.clauseId ? (
            <Link href={`/drafts/${head.charterId}/edit#c-${one.clauseId}`}>Go to the clause</Link>
          ) : null}
        </li>
      ))}
    </ul>
  );
  return (
    <div className="mb-10 grid gap-4">
      {blockers.length > 0 ? (
        <Notice
          tone="problem"
          title={blockers.length === 1 ? "One thing to settle first" : `${blockers.length} things to settle first`}
        >
          {list(blockers)}
        </Notice>
      ) : (
        <Notice tone="good" title="Nothing stands in the way">
          The text can be frozen as it is.
        </Notice>
      )}
      {warnings.length > 0 ? (
        <Notice tone="wait" title="Worth knowing">
          {list(warnings)}
        </Notice>
      ) : null}
      {blockers.length > 0 ? null : head.may["run-drafting"] && !head.isSetup ? (
        <ActionForm
          action={freezeCandidateAction}
          submit="Freeze this text"
          className="grid gap-3"
          confirm="Freeze the text as the candidate? Edits that are not saved by then are refused and kept with their authors."
        >
          <input type="hidden" name="charterId" value={head.charterId} />
          <p className="max-w-prose text-sm">
            The committed text becomes the candidate for adoption, word for word. Edits that arrive later are refused
            and kept for their authors, who are told.
          </p>
        </ActionForm>
      ) : (
        <p className="text-muted text-sm">The convenor freezes the text when it is ready.</p>
      )}
      {head.may["run-drafting"] && head.state === "REVIEW" ? (
        <ActionForm action={backToDraftingAction} submit="Open for edits" tone="plain" className="grid gap-3">
          <input type="hidden" name="charterId" value={head.charterId} />
          <p className="max-w-prose text-sm">
            The text rests while it is in review. To change it first, open it for edits again.
          </p>
        </ActionForm>
      ) : null}
    </div>
  );
}

/** Adopt, change or close: what the convenor and the depositary do with a candidate. */
function Decide({ view, versionId }: { view: CandidateView; versionId: string }) {
  const { head, evaluation } = view;
  const hidden = <input type="hidden" name="charterId" value={head.charterId} />;
  return (
    <Section title="Adoption" id="adoption" lead={view.rule}>
      <div className="grid gap-6">
        {evaluation?.adopted ? (
          <Notice tone="good" title="The rule is met">
            {evaluation.outcome}
          </Notice>
        ) : (
          <Notice tone="wait" title="Not adopted yet">
            <ul className="grid gap-1">
              {evaluation?.missing.map((one) => (
                <li key={one}>{one}</li>
              ))}
            </ul>
            {head.may["record-adoption"] ? (
              <p className="mt-2">Once this is settled, the text can be adopted here.</p>
            ) : null}
          </Notice>
        )}
        {head.may["record-adoption"] && evaluation?.adopted ? (
          <ActionForm
            action={adoptCandidateAction}
            submit="Adopt this text"
            className="grid gap-3"
            confirm="Record the adoption of exactly this text? It cannot be undone."
          >
            {hidden}
            <input type="hidden" name="versionId" value={versionId} />
          </ActionForm>
        ) : null}
        {head.may["run-drafting"] ? (
          <div className="grid gap-8 border-line border-t pt-6 md:grid-cols-2">
            <ActionForm
              action={withdrawCandidateAction}
              submit="Withdraw the candidate"
              tone="plain"
              className="grid gap-3"
              confirm="Withdraw this candidate? The text goes back to review and positions on it become stale when it changes."
            >
              {hidden}
              <TextArea
                label="The text has to change, because"
                name="withdrawReason"
                rows={2}
                maxLength={1000}
                optional
              />
            </ActionForm>
            <ActionForm
              action={closeWithoutAdoptionAction}
              submit="Close without adoption"
              tone="danger"
              className="grid gap-3"
              confirm="Close this round without adoption? It cannot be opened again."
            >
              {hidden}
              <TextArea label="It is not adopted, because" name="closeReason" rows={2} maxLength={1000} />
            </ActionForm>
          </div>
        ) : null}
      </div>
    </Section>
  );
}
