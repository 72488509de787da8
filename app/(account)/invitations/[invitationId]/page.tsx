import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { Facts, Notice, Page, PageHeader } from "#app/_ui/frame.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { loadMemberInvitation } from "#lib/queries/load-member-invitation.ts";
import { acceptInvitationAction, declineInvitationAction } from "./actions.ts";

export const metadata: Metadata = { title: "Invitation" };

const answered = {
  accepted: "You accepted this invitation.",
  declined: "You declined this invitation.",
  revoked: "This invitation was taken back.",
  "run-out": "This invitation has run out. Ask for a new one.",
} as const;

/** Where the mail of an invitation leads. Looking at it changes nothing. */
export default async function InvitationPage({ params }: { params: Promise<{ invitationId: string }> }) {
  const { invitationId } = await params;
  const ctx = contextFor(await currentActor());
  const invitation = await requirePage(`/invitations/${invitationId}`, () =>
    loadMemberInvitation(ctx, parse(RowId, invitationId)),
  );
  return (
    <Page width="narrow">
      <PageHeader
        over="Invitation"
        title={`Act for ${invitation.organizationName}`}
        lead={`${invitation.invitedBy} asks you to act for this organization. Nothing happens until you choose.`}
      />
      <div className="grid gap-6">
        <Facts
          facts={[
            ["Organization", invitation.legalName],
            ["As", invitation.roles.map((role) => role.replace("-", " ")).join(", ")],
            ["Counts until", formatDate(invitation.expiresAt)],
          ]}
        />
        {invitation.state === "open" ? (
          <div className="flex flex-wrap gap-3">
            <ActionForm action={acceptInvitationAction} submit="Accept" tone="plain" className="grid gap-2">
              <input type="hidden" name="invitationId" value={invitation.id} />
            </ActionForm>
            <ActionForm action={declineInvitationAction} submit="Decline" tone="plain" className="grid gap-2">
              <input type="hidden" name="invitationId" value={invitation.id} />
            </ActionForm>
          </div>
        ) : (
          <>
            <Notice>{answered[invitation.state]}</Notice>
            <div>
              <LinkButton href="/home">Go to your page</LinkButton>
            </div>
          </>
        )}
      </div>
    </Page>
  );
}
