"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { askToJoin } from "#lib/commands/ask-to-join.ts";
import { createOrganization } from "#lib/commands/create-organization.ts";
import { RowId } from "#lib/domain/ids.ts";
import { localPath } from "#lib/domain/local-path.ts";
import { ProfileInput } from "#lib/domain/organization-profile.ts";
import { parse } from "#lib/domain/parse.ts";

export async function createOrganizationAction(form: FormData) {
  return asAction(async () => {
    const profile = parse(ProfileInput, {
      legalName: formText(form, "legalName"),
      displayName: formText(form, "displayName"),
      country: formText(form, "country"),
      class: formText(form, "class"),
      sector: formText(form, "sector"),
      website: formText(form, "website"),
    });
    const isAnother = formText(form, "isAnother") === "on";
    const { organizationId } = await createOrganization(contextFor(await requireActor()), { ...profile, isAnother });
    revalidatePath("/", "layout");
    redirect(localPath(formText(form, "next"), `/organizations/${organizationId}#verification`));
  });
}

export async function askToJoinAction(form: FormData) {
  return asAction(async () => {
    await askToJoin(contextFor(await requireActor()), parse(RowId, formText(form, "organizationId")));
    revalidatePath("/organizations/new");
  }, "The admins of the organization have your request. You will get a mail when they answer.");
}
