"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { actForOrganization } from "#lib/commands/act-for-organization.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

/** Switches the organization the person acts for. */
export async function actForOrganizationAction(organizationId: string) {
  return asAction(async () => {
    await actForOrganization(contextFor(await requireActor()), parse(RowId, organizationId));
    revalidatePath("/", "layout");
  });
}
