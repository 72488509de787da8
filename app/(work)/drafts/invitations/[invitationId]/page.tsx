import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { Select } from "#app/_ui/field.tsx";
import { EmptyState, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import type { Verification } from "#lib/domain/verification.ts";
import { charterInvitation } from "#lib/queries/charter-invitation.ts";
import { PolicySentences } from "../../_parts/policy-sentences.tsx";
import { acceptInvitationAction, declineInvitationAction } from "./actions.ts";

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" };

/** Where the mail of an invitation leads. Looking at it changes nothing. */
export default async function InvitationPage({ params }: { params: Promise<{ invitationId: string }> }) {
  const { invitationId } = await params;
  const actor = await currentActor();
  const path = `/drafts/invitations/${invitationId}`;
  const view = await requirePage(path, () => charterInvitation(contextFor(actor), { invitationId }));
  const hidden = <input type="hidden" name="invitationId" value={invitationId} />;
  return (
    <Page width="narrow">
      <PageHeader
        over={`${view.convenor} invites ${view.legalName}`}
        title={view.title}
        lead={view.purpose || "You are asked to take part in drafting this text."}
      />
      {view.message ? (
        <blockquote className="mb-8 whitespace-pre-line border-line border-s-4 ps-4 font-serif">
          {view.message}
        </blockquote>
      ) : null}
      <Section title="The rules it is made by">
        <PolicySentences sentences={view.policy} />
      </Section>
      {view.state === "open" ? (
        <Section
          title="Your answer"
          lead={`Until ${formatDate(view.expiresAt)}. Taking part commits your organization to nothing: it may ${view.isEditor ? "edit and comment" : "read and comment"}, and decides later whether to sign.`}
        >
          {view.organizations.length === 0 ? (
            <EmptyState sentence="You do not represent an organization here yet. Add yours, or join the one that exists, and come back by the same link.">
              <LinkButton tone="primary" href="/organizations/new">
                Find or add your organization
              </LinkButton>
            </EmptyState>
          ) : (
            <ActionForm action={acceptInvitationAction} submit="Take part" className="grid gap-4">
              {hidden}
              <Select
                label="For"
                name="organizationId"
                hint="An organization that is not verified may draft; before it can sign, it is verified by a record in its domain or by evidence."
              >
                {view.organizations.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name} ({verificationWords(one.verification)})
                  </option>
                ))}
              </Select>
            </ActionForm>
          )}
          <div className="mt-4">
            <ActionForm action={declineInvitationAction} submit="Decline" tone="plain" className="grid gap-2">
              {hidden}
            </ActionForm>
          </div>
        </Section>
      ) : (
        <div className="mt-10">
          <Answered state={view.state} charterId={view.charterId} />
        </div>
      )}
    </Page>
  );
}

function verificationWords(verification: Verification): string {
  switch (verification.state) {
    case "verified":
      return verification.by === "domain" ? `verified by ${verification.domain}` : "verified by evidence";
    case "lapsed":
      return `${verification.domain} has to be confirmed again`;
    case "suspended":
      return "suspended";
    default:
      return "not verified yet";
  }
}

function Answered({ state, charterId }: { state: "expired" | "accepted" | "declined" | "revoked"; charterId: string }) {
  if (state === "accepted") {
    return (
      <Notice tone="good" title="Accepted">
        <a href={`/drafts/${charterId}`}>Go to the draft</a>
      </Notice>
    );
  }
  const words = {
    expired: "This invitation has expired. Ask the convenor for a new one.",
    declined: "This invitation was declined. If that has changed, ask the convenor for a new one.",
    revoked: "The convenor has taken this invitation back.",
  } as const;
  return <Notice title="Nothing to answer any more">{words[state]}</Notice>;
}
