import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Choice, TextArea, TextInput } from "#app/_ui/field.tsx";
import { Chip, Page, Section } from "#app/_ui/frame.tsx";
import { Monogram } from "#app/_ui/monogram.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Time } from "#app/_ui/time.tsx";
import {
  type CharterDashboard,
  charterDashboard,
  type DashboardInvitation,
  type DashboardParticipant,
} from "#lib/queries/charter-dashboard.ts";
import { loadConvening } from "#lib/queries/convening.ts";
import { DraftHeader } from "../../_parts/draft-header.tsx";
import { inviteOrganizationAction, removeParticipantAction, revokeInvitationAction } from "../actions.ts";
import { ConveningSection } from "./convening.tsx";

export const metadata: Metadata = { title: "Organizations" };

export default async function PeoplePage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const ctx = contextFor(actor);
  const { view, convening } = await requirePage(`/drafts/${charterId}/people`, async () => ({
    view: await charterDashboard(ctx, { charterId }),
    convening: await loadConvening(ctx, charterId),
  }));
  const mayInvite = view.head.may["invite-organization"];
  const isOpen = view.head.state !== "ADOPTED" && view.head.state !== "ABANDONED";
  return (
    <Page>
      <DraftHeader head={view.head} current="/people" title="Organizations at the table" />
      <Said>
        <ul className="divide-y divide-line border-line border-y">
          {view.participants.map((one) => (
            <Seat key={one.organizationId} view={view} one={one} mayRemove={mayInvite && isOpen} />
          ))}
        </ul>
      </Said>
      <ConveningSection convening={convening} />
      {mayInvite ? <Invitations view={view} /> : null}
      {mayInvite && isOpen ? (
        <Section
          title="Invite an organization"
          lead="By a mail to a contact there. Nothing is accepted by opening it: the contact sees whose text it is and by which rules, and answers for their organization."
        >
          <ActionForm
            action={inviteOrganizationAction}
            submit="Send the invitation"
            resetOnDone
            className="grid max-w-xl gap-4"
          >
            <input type="hidden" name="charterId" value={charterId} />
            <TextInput label="Legal name of the organization" name="legalName" maxLength={200} autoComplete="off" />
            <TextInput
              label="Mail address of the contact"
              name="email"
              type="email"
              maxLength={254}
              autoComplete="off"
              hint="An address at the organization's own domain makes its verification easier later."
            />
            <TextArea label="A word with it" name="message" rows={3} maxLength={2000} optional />
            <fieldset>
              <legend className="mb-1 font-medium text-sm">In the draft it may</legend>
              <Choice type="radio" name="isEditor" value="yes" defaultChecked label="edit the text and comment" />
              <Choice type="radio" name="isEditor" value="no" label="read and comment" />
            </fieldset>
          </ActionForm>
        </Section>
      ) : null}
    </Page>
  );
}

function Seat({ view, one, mayRemove }: { view: CharterDashboard; one: DashboardParticipant; mayRemove: boolean }) {
  const seats = [one.isConvenor ? "Convenor" : "", one.isDepositary ? "Depositary" : ""].filter(Boolean);
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 py-3">
      <span className="flex items-center gap-3">
        <Monogram name={one.name} />
        <span>
          <span className="block font-medium">{one.name}</span>
          <span className="block text-muted text-sm">
            {[one.country, ...seats, one.isEditor ? "edits and comments" : "reads and comments"].join(" · ")}
          </span>
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-3">
        {one.hasOpened ? null : <Chip>has not opened the draft</Chip>}
        {mayRemove && seats.length === 0 ? (
          <ActionForm
            action={removeParticipantAction}
            submit="Remove"
            tone="plain"
            className="grid gap-2"
            confirm={`Take the seat of ${one.name} away? What it wrote stays.`}
          >
            <input type="hidden" name="charterId" value={view.head.charterId} />
            <input type="hidden" name="organizationId" value={one.organizationId} />
          </ActionForm>
        ) : null}
      </span>
    </li>
  );
}

const states: Readonly<
  Record<DashboardInvitation["state"], { words: string; tone: "plain" | "good" | "wait" | "problem" }>
> = {
  open: { words: "no answer yet", tone: "wait" },
  expired: { words: "expired", tone: "plain" },
  accepted: { words: "accepted", tone: "good" },
  declined: { words: "declined", tone: "plain" },
  revoked: { words: "taken back", tone: "plain" },
};

function Invitations({ view }: { view: CharterDashboard }) {
  return (
    <Section title="Invitations">
      {view.invitations.length === 0 ? (
        <p className="text-muted">No organization has been invited yet.</p>
      ) : (
        <ul className="divide-y divide-line border-line border-y">
          {view.invitations.map((one) => (
            <li key={one.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <span className="min-w-0">
                <span className="block font-medium">{one.legalName}</span>
                <span className="block break-all text-muted text-sm">
                  {one.email}, invited <Time at={one.createdAt} style="date" />
                </span>
              </span>
              <span className="flex flex-wrap items-center gap-3">
                <Chip tone={states[one.state].tone}>{states[one.state].words}</Chip>
                {one.state === "open" ? (
                  <ActionForm action={revokeInvitationAction} submit="Take back" tone="plain" className="grid gap-2">
                    <input type="hidden" name="charterId" value={view.head.charterId} />
                    <input type="hidden" name="invitationId" value={one.id} />
                  </ActionForm>
                ) : null}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
