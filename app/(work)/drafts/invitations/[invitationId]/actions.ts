"use server";

import { redirect } from "next/navigation";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { answerCharterInvitation } from "#lib/commands/answer-charter-invitation.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

export async function acceptInvitationAction(form: FormData) {
  return asAction(async () => {
    const { charterId } = await answerCharterInvitation(contextFor(await requireActor()), {
      invitationId: parse(RowId, formText(form, "invitationId")),
      answer: "accept",
      organizationId: parse(RowId, formText(form, "organizationId")),
    });
    redirect(`/drafts/${charterId}`);
  });
}

export async function declineInvitationAction(form: FormData) {
  return asAction(async () => {
    const invitationId = parse(RowId, formText(form, "invitationId"));
    await answerCharterInvitation(contextFor(await requireActor()), { invitationId, answer: "decline" });
    redirect("/home");
  });
}
