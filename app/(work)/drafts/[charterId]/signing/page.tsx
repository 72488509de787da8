import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Facts, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { formatInZone, Time } from "#app/_ui/time.tsx";
import { isPublicState } from "#lib/domain/version-status.ts";
import { isUtc } from "#lib/domain/zoned-time.ts";
import { type CharterRecord, loadCharterRecord } from "#lib/queries/charter-record.ts";
import { type DraftHead, loadDraft } from "#lib/queries/draft-head.ts";
import { type InstrumentChoice, listInstrumentChoices } from "#lib/queries/instrument.ts";
import { loadSigningTable, type SigningTable } from "#lib/queries/signing-table.ts";
import { DraftTabs } from "../../_parts/draft-header.tsx";
import { closeAction, inviteToSignAction } from "./actions.ts";
import { Instrument } from "./instrument.client.tsx";
import { OnRecord } from "./on-record.tsx";
import { Opening } from "./opening.tsx";
import { SigningRows } from "./signing-rows.tsx";
import { ToExamine } from "./to-examine.tsx";

export const metadata: Metadata = { title: "Signing" };

type Props = { params: Promise<{ charterId: string }>; searchParams: SearchParams };

export default async function SigningPage({ params, searchParams }: Props) {
  const { charterId } = await params;
  const search = (await queryText(searchParams, "q")) ?? "";
  const { head, view, choices, record, now } = await requirePage(`/drafts/${charterId}/signing`, async () => {
    const ctx = contextFor(await currentActor());
    const view = await loadSigningTable(ctx, charterId);
    const { head } = await loadDraft(ctx, charterId);
    const choices = view.version ? await listInstrumentChoices(ctx, charterId, view.version.id) : null;
    const isJudged = view.may.judge && view.version !== null && isPublicState(view.version.state);
    const record = isJudged ? await loadCharterRecord(ctx, charterId, search) : null;
    return { head, view, choices, record, now: ctx.now };
  });
  const { version } = view;
  return (
    <Page>
      <PageHeader
        over={<Link href={`/drafts/${charterId}`}>{view.title}</Link>}
        title="Signing"
        lead={version ? leadOf(view) : head.sentence}
      >
        {version ? <LinkButton href={`/sign/${version.id}`}>The page officers see</LinkButton> : null}
        {version && view.slug && version.state !== "ADOPTED" && version.state !== "OPEN_SEALED" ? (
          <LinkButton href={`/c/${view.slug}`}>The public page</LinkButton>
        ) : null}
      </PageHeader>
      <DraftTabs charterId={charterId} current="/signing" />
      {version ? (
        <Version view={view} version={version} choices={choices} record={record} now={now} />
      ) : (
        <NothingToSign head={head} />
      )}
    </Page>
  );
}

function NothingToSign({ head }: { head: DraftHead }) {
  return head.state === "ABANDONED" ? (
    <EmptyState sentence="No text of this charter was adopted, so there is nothing to sign.">
      <LinkButton href={`/drafts/${head.charterId}`}>Back to the overview</LinkButton>
    </EmptyState>
  ) : (
    <EmptyState sentence="No text is adopted yet. Signing begins when a candidate is.">
      <LinkButton href={`/drafts/${head.charterId}/candidate`}>Go to the candidate</LinkButton>
    </EmptyState>
  );
}

type Version = NonNullable<SigningTable["version"]>;

function Version({
  view,
  version,
  choices,
  record,
  now,
}: {
  view: SigningTable;
  version: Version;
  choices: readonly InstrumentChoice[] | null;
  record: CharterRecord | null;
  now: Date;
}) {
  const isOpen = version.state === "OPEN" || version.state === "IN_EFFECT";
  const takesSignatures = isOpen || version.state === "OPEN_SEALED";
  return (
    <Said>
      <Facts
        facts={[
          ["Version", `${version.number}, “${version.title}”`],
          ["Fingerprint", <Fingerprint key="hash" hashHex={version.sha256Hex} />],
          ...(version.state === "OPEN_SEALED" && version.opensAt
            ? ([["Becomes public", <Instant key="at" version={version} />]] as const)
            : []),
          ["Signed", String(view.counts.signed)],
          ["Invited by name", String(view.counts.invited)],
          ["No answer yet", view.unanswered.length > 0 ? view.unanswered.join(", ") : "–"],
        ]}
      />
      {view.rows && view.may.examine ? <ToExamine charterId={view.charterId} rows={view.rows} /> : null}
      {view.may.open ? <Opening charterId={view.charterId} version={version} now={now} /> : null}
      {takesSignatures && view.may.invite ? (
        <Section
          title="Invite an organization to sign"
          lead="By mail to its officer. Nothing happens by opening the mail; the answer is seen by the keeper of the record only."
        >
          <ActionForm
            action={inviteToSignAction.bind(null, view.charterId, version.id)}
            submit="Send the invitation"
            done="The invitation is on its way."
            resetOnDone
            className="grid max-w-xl gap-5"
          >
            <TextInput label="Legal name of the organization" name="legalName" maxLength={300} autoComplete="off" />
            <TextInput
              label="Mail address of its officer"
              name="email"
              type="email"
              maxLength={254}
              autoComplete="off"
            />
            <TextArea label="Message" name="message" optional maxLength={1000} />
          </ActionForm>
        </Section>
      ) : null}
      <Section title="Answers">
        {view.rows === null ? (
          <p className="text-muted">
            The single answers are seen by the depositary, who keeps the record; you see the counts.
          </p>
        ) : (
          <SigningRows charterId={view.charterId} rows={view.rows} mayInvite={view.may.invite} />
        )}
      </Section>
      {record ? <OnRecord record={record} /> : null}
      {takesSignatures && choices ? (
        <Section
          title="Record an instrument on paper"
          lead="For an organization that signed on paper or by mail, the whole text without reservations. You have examined the form; the signature is shown as recorded by the keeper, without a key of the organization, and its people are told."
        >
          <Instrument
            charterId={view.charterId}
            versionId={version.id}
            choices={choices}
            today={now.toISOString().slice(0, 10)}
          />
        </Section>
      ) : null}
      {isPublicState(version.state) ? (
        <p className="mt-10">
          <a href={`/drafts/${view.charterId}/corrections`}>Correct an error in the public text</a>
        </p>
      ) : null}
      {isOpen && view.may.close ? (
        <Section
          title="Close to signature"
          lead="No further signatures are taken. Those given stand, and the page stays public."
        >
          <ActionForm
            action={closeAction.bind(null, view.charterId, version.id)}
            submit="Close to signature"
            tone="danger"
            confirm="Close this version to signature? It cannot be opened again."
            className="grid max-w-xl gap-5"
          >
            <TextInput label="Reason" name="reason" optional maxLength={300} hint="Public, in one line." />
          </ActionForm>
        </Section>
      ) : null}
      {version.state === "OPEN_SEALED" ? (
        <div className="mt-10">
          <Notice title="What is sealed">
            Until the instant no page, list, search or log shows anything of this version or its signatures. Whoever
            operates this installation can read what is sealed.
          </Notice>
        </div>
      ) : null}
    </Said>
  );
}

function Instant({ version }: { version: Version }) {
  if (!version.opensAt) return null;
  return (
    <>
      {version.opensZone && !isUtc(version.opensZone) ? (
        <span className="block">{formatInZone(version.opensAt, version.opensZone)}</span>
      ) : null}
      <Time at={version.opensAt} />
    </>
  );
}

function leadOf({ version, counts }: SigningTable): string {
  if (!version) return "";
  const signed = `${counts.signed} ${counts.signed === 1 ? "signature" : "signatures"}`;
  switch (version.state) {
    case "ADOPTED":
      return "The text is adopted. It is not open for signature yet.";
    case "OPEN_SEALED":
      return `Open for sealed signatures · version ${version.number} · ${signed}`;
    case "OPEN":
      return `Open for signature · version ${version.number} · ${signed}`;
    case "IN_EFFECT":
      return `In effect and open for signature · version ${version.number} · ${signed}`;
    default:
      return `Closed to signature · version ${version.number} · ${signed}`;
  }
}
