"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { AppointAdmin, appointAdmin } from "#lib/commands/appoint-admin.ts";
import { stopAppointment } from "#lib/commands/stop-appointment.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

export async function appointAdminAction(form: FormData) {
  return asAction(async () => {
    const input = parse(AppointAdmin, {
      organizationId: formText(form, "organizationId"),
      membershipId: formText(form, "membershipId"),
      evidence: formText(form, "evidence"),
    });
    await appointAdmin(contextFor(await requireActor()), input);
    revalidatePath("/operator", "layout");
  }, "It takes effect in seven days; everybody of the organization and the convenors at its tables get a mail.");
}

export async function stopAppointmentAction(form: FormData) {
  return asAction(async () => {
    await stopAppointment(contextFor(await requireActor()), parse(RowId, formText(form, "appointmentId")));
    revalidatePath("/operator", "layout");
  }, "It is stopped; everybody who was told of it gets a mail.");
}
