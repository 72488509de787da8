"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { endOtherSessions } from "#lib/commands/end-other-sessions.ts";
import { endSession } from "#lib/commands/end-session.ts";
import { erasePerson } from "#lib/commands/erase-person.ts";
import { renamePerson } from "#lib/commands/rename-person.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

export async function renamePersonAction(form: FormData) {
  return asAction(async () => {
    await renamePerson(contextFor(await requireActor()), formText(form, "name"));
    revalidatePath("/account");
  }, "Your name is changed.");
}

export async function endSessionAction(form: FormData) {
  return asAction(async () => {
    await endSession(contextFor(await requireActor()), parse(RowId, formText(form, "sessionId")));
    revalidatePath("/account");
  }, "That session has ended.");
}

export async function endOtherSessionsAction(_form: FormData) {
  return asAction(async () => {
    await endOtherSessions(contextFor(await requireActor()));
    revalidatePath("/account");
  }, "All other sessions have ended.");
}

export async function erasePersonAction(form: FormData) {
  return asAction(async () => {
    await erasePerson(contextFor(await requireActor()), formText(form, "email"));
    redirect("/signin?ended=1");
  });
}
