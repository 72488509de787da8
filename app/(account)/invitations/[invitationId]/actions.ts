"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { answerMemberInvitation } from "#lib/commands/answer-member-invitation.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

export async function acceptInvitationAction(form: FormData) {
  return asAction(async () => {
    const id = parse(RowId, formText(form, "invitationId"));
    const { organizationId } = await answerMemberInvitation(contextFor(await requireActor()), id, "accepted");
    revalidatePath("/", "layout");
    redirect(`/organizations/${organizationId}`);
  });
}

export async function declineInvitationAction(form: FormData) {
  return asAction(async () => {
    const id = parse(RowId, formText(form, "invitationId"));
    await answerMemberInvitation(contextFor(await requireActor()), id, "declined");
    revalidatePath(`/invitations/${id}`);
  }, "You declined.");
}
