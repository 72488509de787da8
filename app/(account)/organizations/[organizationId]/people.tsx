import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice, Section } from "#app/_ui/frame.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import type { OrganizationView } from "#lib/queries/load-organization.ts";
import {
  acceptJoinRequestAction,
  changeMemberRolesAction,
  declineJoinRequestAction,
  endMembershipAction,
  inviteMemberAction,
  revokeMemberInvitationAction,
  stopAppointmentAction,
} from "./actions.ts";
import { RoleChoices } from "./roles.tsx";

/** Who acts for the organization, who is invited, and who asks. */
export function People({ organization }: { organization: OrganizationView }) {
  const { managePeople } = organization.may;
  return (
    <Section
      id="people"
      title="People"
      lead="Everybody here sees the drafts the organization takes part in; what more they may do follows from their roles."
    >
      <Said className="mt-4 grid gap-6">
        {organization.comingAdmin ? (
          <ComingAdmin organization={organization} coming={organization.comingAdmin} />
        ) : null}
        {organization.requests.map((request) => (
          <Request key={request.id} organization={organization} request={request} />
        ))}
        <ul className="divide-y divide-line border-line border-y">
          {organization.people.map((person) => (
            <li key={person.membershipId} className="py-3">
              <Person organization={organization} person={person} />
            </li>
          ))}
          {organization.invitations.map((invitation) => (
            <li key={invitation.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
              <div className="min-w-0">
                <p className="break-all">{invitation.email}</p>
                <p className="text-muted text-sm">
                  invited as {words(invitation.roles)}, until {formatDate(invitation.expiresAt)}
                </p>
              </div>
              <ActionForm action={revokeMemberInvitationAction} submit="Take back" tone="plain" className="grid gap-2">
                <input type="hidden" name="organizationId" value={organization.id} />
                <input type="hidden" name="invitationId" value={invitation.id} />
              </ActionForm>
            </li>
          ))}
        </ul>
        {managePeople ? (
          <details className="rounded-sm border border-line p-4">
            <summary className="font-medium">Invite somebody</summary>
            <div className="mt-4">
              <ActionForm action={inviteMemberAction} submit="Send the invitation" resetOnDone>
                <input type="hidden" name="organizationId" value={organization.id} />
                <TextInput label="Mail address" name="email" type="email" maxLength={254} autoComplete="off" />
                <RoleChoices held={["drafter"]} />
              </ActionForm>
            </div>
          </details>
        ) : null}
      </Said>
    </Section>
  );
}

function ComingAdmin({
  organization,
  coming,
}: {
  organization: OrganizationView;
  coming: NonNullable<OrganizationView["comingAdmin"]>;
}) {
  return (
    <Notice tone="wait" title={`${coming.name} becomes an admin on ${formatDate(coming.takesEffectAt)}`}>
      <p>The operator of this installation decided this on evidence: {coming.evidence}</p>
      {organization.may.managePeople ? (
        <ActionForm
          action={stopAppointmentAction}
          submit="Stop it"
          tone="plain"
          confirm={`Keep ${coming.name} from becoming an admin? Everybody who was told of it gets a mail.`}
          className="mt-3 grid gap-2"
        >
          <input type="hidden" name="organizationId" value={organization.id} />
          <input type="hidden" name="appointmentId" value={coming.appointmentId} />
        </ActionForm>
      ) : (
        <p>If this is wrong, an admin of the organization can stop it before that day, and so can the operator.</p>
      )}
    </Notice>
  );
}

function Person({
  organization,
  person,
}: {
  organization: OrganizationView;
  person: OrganizationView["people"][number];
}) {
  const mayEnd = organization.may.managePeople || person.isMe;
  const summary = (
    <>
      <span className="font-medium">{person.name}</span>
      {person.isMe ? <span className="text-muted"> (you)</span> : null}
      <span className="block break-words text-muted text-sm">
        {words(person.roles)} · {person.email} · since {formatDate(person.from)}
      </span>
    </>
  );
  if (!mayEnd) return <p>{summary}</p>;
  return (
    <details>
      <summary>{summary}</summary>
      <div className="mt-4 grid gap-5 ps-4">
        {organization.may.managePeople ? (
          <ActionForm action={changeMemberRolesAction} submit="Save the roles" tone="plain">
            <input type="hidden" name="organizationId" value={organization.id} />
            <input type="hidden" name="membershipId" value={person.membershipId} />
            <RoleChoices held={person.roles} legend={`Roles of ${person.name}`} />
          </ActionForm>
        ) : null}
        <ActionForm
          action={endMembershipAction}
          submit={person.isMe ? "Leave the organization" : "End their acting for the organization"}
          tone="danger"
          confirm={`${person.isMe ? "You" : person.name} will no longer act for ${organization.displayName}; mandates and signing keys end as well. What was signed stands.`}
          className="grid gap-2"
        >
          <input type="hidden" name="organizationId" value={organization.id} />
          <input type="hidden" name="membershipId" value={person.membershipId} />
        </ActionForm>
      </div>
    </details>
  );
}

function Request({
  organization,
  request,
}: {
  organization: OrganizationView;
  request: OrganizationView["requests"][number];
}) {
  return (
    <Notice tone="wait" title={`${request.name} asks to act for ${organization.displayName}`}>
      <p className="break-all">
        {request.email}, on {formatDate(request.createdAt)}. Nobody has checked who this is; accept only whom you know.
      </p>
      <div className="mt-3 grid gap-3">
        <ActionForm action={acceptJoinRequestAction} submit="Accept with these roles" className="grid gap-3">
          <input type="hidden" name="organizationId" value={organization.id} />
          <input type="hidden" name="requestId" value={request.id} />
          <RoleChoices held={["observer"]} />
        </ActionForm>
        <ActionForm action={declineJoinRequestAction} submit="Decline" tone="plain" className="grid gap-2">
          <input type="hidden" name="organizationId" value={organization.id} />
          <input type="hidden" name="requestId" value={request.id} />
        </ActionForm>
      </div>
    </Notice>
  );
}

function words(roles: readonly string[]): string {
  return roles.map((role) => role.replace("-", " ")).join(", ");
}
