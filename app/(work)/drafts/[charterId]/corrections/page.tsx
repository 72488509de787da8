import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { Select, TextArea } from "#app/_ui/field.tsx";
import { EmptyState, Notice, Page, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { PublicSaying } from "#app/_ui/public-saying.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Time } from "#app/_ui/time.tsx";
import type { NumberedClause } from "#lib/domain/charter-text.ts";
import {
  type CorrectableText,
  type CorrectableTexts,
  loadCorrectableTexts,
  type UnderWay,
} from "#lib/queries/correctable-texts.ts";
import { DraftHeader } from "../../_parts/draft-header.tsx";
import { proposeCorrectionAction, takeBackCorrectionAction } from "./actions.ts";

export const metadata: Metadata = { title: "Corrections" };

export default async function CorrectionsPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const ctx = contextFor(await currentActor());
  const view = await requirePage(`/drafts/${charterId}/corrections`, () => loadCorrectableTexts(ctx, charterId));
  return (
    <Page>
      <DraftHeader head={view.head} current="/signing" title="Corrections" />
      <p className="mb-8 max-w-prose">
        A manifest error in a public text, such as a missing word, is corrected in a copy of its own. Every organization
        that signed is told and may object within {view.days} days; one objection is enough, and the text stays as it
        is. Whoever wants another meaning drafts a new version.
      </p>
      {view.texts.length === 0 ? (
        <EmptyState
          sentence={
            view.head.state === "ABANDONED"
              ? "No text of this charter was adopted, so there is none to correct."
              : "No text of this charter is public yet. What is not public is corrected by drafting and freezing it again."
          }
        />
      ) : null}
      {view.texts.map((text) => (
        <Text key={text.versionId} view={view} text={text} />
      ))}
    </Page>
  );
}

function Text({ view, text }: { view: CorrectableTexts; text: CorrectableText }) {
  const { head } = view;
  return (
    <Section title={`Version ${text.number}`}>
      {head.slug ? (
        <p className="mt-2 text-sm">
          <a href={`/c/${head.slug}/v/${text.number}/corrections`}>Corrections so far, as everybody reads them</a>
        </p>
      ) : null}
      <Said className="mt-4 max-w-xl">
        {text.underWay ? (
          <UnderWayNotice charterId={head.charterId} underWay={text.underWay} />
        ) : head.may["propose-correction"] ? (
          <PublicSaying
            action={proposeCorrectionAction.bind(null, head.charterId)}
            submit="Propose the correction"
            about={{ versionId: text.versionId }}
            hint="Why this is an error and not another meaning. Published."
            tone="primary"
            confirm="Propose it? It is public at once, and every organization that signed gets a mail."
          >
            <Select label="Clause" name="clauseId" defaultValue="">
              <option value="" disabled>
                Choose the clause
              </option>
              {text.clauses.map((clause) => (
                <option key={clause.id} value={clause.id}>
                  {nameOf(clause)}
                </option>
              ))}
            </Select>
            <TextArea
              label="The words that are wrong"
              name="wrong"
              hint="Copied from the clause, with enough around them that they stand there once."
              rows={2}
              maxLength={2000}
            />
            <TextArea
              label="The words that belong there"
              name="right"
              hint="Nothing, if the wrong ones only go."
              rows={2}
              maxLength={2000}
              optional
            />
          </PublicSaying>
        ) : (
          <p className="text-muted">The convenor or the depositary can propose a correction.</p>
        )}
      </Said>
    </Section>
  );
}

function UnderWayNotice({ charterId, underWay }: { charterId: string; underWay: UnderWay }) {
  return (
    <div className="grid gap-6">
      <Notice tone="wait" title="A correction is under way">
        Objections until <Time at={underWay.objectsUntil} />: {underWay.reason}
      </Notice>
      {underWay.mayTakeBack ? (
        <More summary="Take it back">
          <PublicSaying
            action={takeBackCorrectionAction.bind(null, charterId)}
            submit="Take the correction back"
            about={{ correctionId: underWay.correctionId }}
            label="Why it is taken back"
            hint="Published beside the proposal, which stays in the record. Name no person."
            confirm="Take the correction back? That is published at once, and every organization that signed gets a mail."
          />
        </More>
      ) : null}
    </div>
  );
}

/** A clause in one line of a list to choose from. */
function nameOf(clause: NumberedClause): string {
  const words = clause.heading || (clause.body[0]?.text ?? "");
  const short = words.length > 60 ? `${words.slice(0, 60).trimEnd()}…` : words;
  return `${clause.number || "Preamble"} ${short}`.trim();
}
