"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formList, formText } from "#app/_server/form.ts";
import { answerJoinRequest } from "#lib/commands/answer-join-request.ts";
import { askForReview } from "#lib/commands/ask-for-review.ts";
import { changeMemberRoles } from "#lib/commands/change-member-roles.ts";
import { checkDomain } from "#lib/commands/check-domain.ts";
import { claimDomain } from "#lib/commands/claim-domain.ts";
import { editOrganization } from "#lib/commands/edit-organization.ts";
import { endMandate } from "#lib/commands/end-mandate.ts";
import { endMembership } from "#lib/commands/end-membership.ts";
import { grantMandate } from "#lib/commands/grant-mandate.ts";
import { inviteMember } from "#lib/commands/invite-member.ts";
import { releaseDomain } from "#lib/commands/release-domain.ts";
import { revokeMemberInvitation } from "#lib/commands/revoke-member-invitation.ts";
import { stopAppointment } from "#lib/commands/stop-appointment.ts";
import { type OrganizationRole, organizationRoles } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { WantedInput } from "#lib/domain/organization-identity.ts";
import { ProfileInput } from "#lib/domain/organization-profile.ts";
import { parse } from "#lib/domain/parse.ts";
import { Refusal } from "#lib/domain/refusal.ts";

type Ctx = ReturnType<typeof contextFor>;

/** Runs one command for the organization of the form, and shows its page anew. */
async function forOrganization(
  form: FormData,
  done: string,
  work: (ctx: Ctx, organizationId: string) => Promise<unknown>,
): Promise<ActionResult<null>> {
  return asAction(async () => {
    const organizationId = parse(RowId, formText(form, "organizationId"));
    await work(contextFor(await requireActor()), organizationId);
    // The page alone: renewing the layout as well would take the form away before it says that it is done.
    revalidatePath(`/organizations/${organizationId}`);
    return null;
  }, done);
}

export async function editOrganizationAction(form: FormData) {
  return forOrganization(form, "The profile is changed.", (ctx, id) =>
    editOrganization(
      ctx,
      id,
      parse(ProfileInput, {
        legalName: formText(form, "legalName"),
        displayName: formText(form, "displayName"),
        country: formText(form, "country"),
        class: formText(form, "class"),
        sector: formText(form, "sector"),
        website: formText(form, "website"),
      }),
    ),
  );
}

export async function inviteMemberAction(form: FormData) {
  return forOrganization(form, "The invitation is on its way.", (ctx, id) =>
    inviteMember(ctx, id, { email: formText(form, "email"), roles: rolesOf(form) }),
  );
}

export async function revokeMemberInvitationAction(form: FormData) {
  return forOrganization(form, "The invitation is taken back.", (ctx, id) =>
    revokeMemberInvitation(ctx, id, rowId(form, "invitationId")),
  );
}

export async function acceptJoinRequestAction(form: FormData) {
  return forOrganization(form, "Done; they get a mail.", (ctx, id) => {
    const roles = rolesOf(form);
    if (roles.length === 0) throw new Refusal("malformed", "Choose at least one role.");
    return answerJoinRequest(ctx, id, rowId(form, "requestId"), roles);
  });
}

export async function declineJoinRequestAction(form: FormData) {
  return forOrganization(form, "Declined; they get a mail.", (ctx, id) =>
    answerJoinRequest(ctx, id, rowId(form, "requestId"), []),
  );
}

export async function changeMemberRolesAction(form: FormData) {
  return forOrganization(form, "The roles are changed.", (ctx, id) =>
    changeMemberRoles(ctx, id, rowId(form, "membershipId"), rolesOf(form)),
  );
}

export async function endMembershipAction(form: FormData) {
  return forOrganization(form, "They no longer act for the organization.", (ctx, id) =>
    endMembership(ctx, id, rowId(form, "membershipId")),
  );
}

/** Stops an admin whom the operator named. */
export async function stopAppointmentAction(form: FormData) {
  return forOrganization(form, "It is stopped; everybody who was told of it gets a mail.", (ctx) =>
    stopAppointment(ctx, rowId(form, "appointmentId")),
  );
}

export async function grantMandateAction(form: FormData) {
  return forOrganization(form, "The mandate is recorded.", (ctx, id) =>
    grantMandate(ctx, id, {
      membershipId: rowId(form, "membershipId"),
      title: formText(form, "title"),
      from: dayOf(formText(form, "from"), 0) ?? ctx.now,
      to: dayOf(formText(form, "to"), 1),
      evidenceNote: formText(form, "evidenceNote"),
    }),
  );
}

export async function endMandateAction(form: FormData) {
  return forOrganization(form, "The mandate has ended.", (ctx, id) => endMandate(ctx, id, rowId(form, "mandateId")));
}

export async function claimDomainAction(form: FormData) {
  return forOrganization(form, "Now put the record below into the domain, then check.", (ctx, id) =>
    claimDomain(ctx, id, formText(form, "domain")),
  );
}

export async function checkDomainAction(form: FormData) {
  return forOrganization(form, "The record is there: the domain is confirmed.", async (ctx, id) => {
    const answer = await checkDomain(ctx, id, rowId(form, "claimId"));
    // What was found is written down already; the form says why it is not enough.
    if (answer.state !== "good") {
      revalidatePath(`/organizations/${id}`);
      throw new Refusal("not-verified", answer.problem);
    }
  });
}

export async function releaseDomainAction(form: FormData) {
  return forOrganization(form, "The domain is off the list.", (ctx, id) =>
    releaseDomain(ctx, id, rowId(form, "claimId")),
  );
}

export async function askForReviewAction(form: FormData) {
  return forOrganization(form, "The operator has your evidence and will answer by mail.", (ctx, id) =>
    askForReview(
      ctx,
      id,
      formText(form, "evidence"),
      parse(WantedInput, {
        legalName: formText(form, "wantedLegalName"),
        displayName: formText(form, "wantedDisplayName"),
        country: formText(form, "wantedCountry"),
        class: formText(form, "wantedClass"),
      }),
    ),
  );
}

function rowId(form: FormData, name: string): string {
  return parse(RowId, formText(form, name));
}

function rolesOf(form: FormData): OrganizationRole[] {
  const chosen = formList(form, "roles");
  return organizationRoles.filter((role) => chosen.includes(role));
}

/** A day of a form as its first instant in UTC, some days later; null when none was given. */
function dayOf(text: string, daysLater: number): Date | null {
  if (text === "") return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (!day || Number.isNaN(day.getTime())) throw new Refusal("malformed", "A day looks like 2027-01-31.");
  return new Date(day.getTime() + daysLater * 24 * 60 * 60 * 1000);
}
