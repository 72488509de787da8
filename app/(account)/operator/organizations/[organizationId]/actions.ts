"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { AppointAdmin, appointAdmin } from "#lib/commands/appoint-admin.ts";
import { OfferConvening, offerConvening } from "#lib/commands/offer-convening.ts";
import { stopAppointment } from "#lib/commands/stop-appointment.ts";
import { takeBackConvening } from "#lib/commands/take-back-convening.ts";
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

export async function offerConveningAsOperatorAction(form: FormData) {
  return asAction(async () => {
    const input = parse(OfferConvening, {
      charterId: formText(form, "charterId"),
      toId: formText(form, "toId"),
      withRecord: formText(form, "withRecord") === "on",
      reason: formText(form, "reason"),
    });
    await offerConvening(contextFor(await requireActor()), input);
    revalidatePath("/operator", "layout");
  }, "It is offered; both organizations get a mail, and nothing changes until the other one accepts.");
}

export async function takeBackAsOperatorAction(form: FormData) {
  return asAction(async () => {
    await takeBackConvening(contextFor(await requireActor()), parse(RowId, formText(form, "handoverId")));
    revalidatePath("/operator", "layout");
  }, "The offer is taken back; both organizations get a mail.");
}
