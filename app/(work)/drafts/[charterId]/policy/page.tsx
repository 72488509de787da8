import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice, Page, Section } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { charterPolicy } from "#lib/queries/charter-policy.ts";
import { DraftHeader } from "../../_parts/draft-header.tsx";
import { PolicyFields } from "../../_parts/policy-fields.tsx";
import { PolicySentences } from "../../_parts/policy-sentences.tsx";
import { acknowledgePolicyAction, changeSetupAction, openDraftingAction } from "../actions.ts";

export const metadata: Metadata = { title: "Policy" };

export default async function PolicyPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const view = await requirePage(`/drafts/${charterId}/policy`, () => charterPolicy(contextFor(actor), { charterId }));
  const { head } = view;
  const hidden = <input type="hidden" name="charterId" value={charterId} />;
  const maySetUp = view.policyFixedAt === null && head.may["edit-setup"];
  return (
    <Page>
      <DraftHeader head={head} current="/policy" title="The rules of this text" />
      <div className="grid max-w-3xl gap-8">
        {view.purpose ? <p className="font-serif text-lg">{view.purpose}</p> : null}
        <PolicySentences sentences={view.sentences} />
        {view.conflicts.length > 0 ? (
          <Notice tone="problem" title="These rules contradict each other">
            {view.conflicts.join(" ")}
          </Notice>
        ) : null}
        {view.policyFixedAt ? (
          <p className="text-muted text-sm">
            Fixed on <Time at={view.policyFixedAt} />, before the first edit. It does not change any more.
          </p>
        ) : null}
        {maySetUp ? (
          <ActionForm
            action={openDraftingAction}
            submit="Fix this policy and open drafting"
            className="grid gap-3"
            confirm="Fix this policy for good and open the drafting?"
          >
            {hidden}
            <p className="text-sm">From then on these rules stand, and everyone who edits has seen them.</p>
          </ActionForm>
        ) : null}
        {view.policyFixedAt && !view.acknowledgedAt ? (
          <ActionForm action={acknowledgePolicyAction} submit="I have read this" className="grid gap-3">
            {hidden}
            <p className="text-sm">
              You are asked once, before your first edit. It says that you have seen the rules, no more.
            </p>
          </ActionForm>
        ) : null}
        {view.acknowledgedAt ? (
          <div className="grid gap-3">
            <p className="text-muted text-sm">
              You read this on <Time at={view.acknowledgedAt} />.
            </p>
            <div>
              <LinkButton href={`/drafts/${charterId}/edit`}>Go to the text</LinkButton>
            </div>
          </div>
        ) : null}
        {!view.policyFixedAt && !maySetUp ? (
          <Notice tone="wait" title="Not fixed yet">
            The convenor reads these rules back and opens the drafting; until then they may still change.
          </Notice>
        ) : null}
      </div>
      {maySetUp ? (
        <Section title="Change it" lead="Possible until drafting opens, and not after.">
          <ActionForm
            action={changeSetupAction}
            submit="Save the changes"
            tone="plain"
            className="grid max-w-3xl gap-6"
          >
            {hidden}
            <TextInput
              label="Purpose in one sentence"
              name="purpose"
              maxLength={300}
              optional
              defaultValue={view.purpose}
            />
            <TextInput
              label="Kind of text"
              name="displayType"
              maxLength={40}
              defaultValue={head.displayType}
              className="max-w-60"
            />
            <PolicyFields policy={view.policy} clauses={view.clauses} />
          </ActionForm>
        </Section>
      ) : null}
    </Page>
  );
}
