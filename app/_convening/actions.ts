"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { OfferConvening, offerConvening } from "#lib/commands/offer-convening.ts";
import { takeBackConvening } from "#lib/commands/take-back-convening.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

/** Offers the convening to another organization at the table. */
export async function offerConveningAction(form: FormData) {
  return asAction(async () => {
    const input = parse(OfferConvening, {
      charterId: formText(form, "charterId"),
      toId: formText(form, "toId"),
      withRecord: formText(form, "withRecord") === "on",
      reason: formText(form, "reason"),
    });
    await offerConvening(contextFor(await requireActor()), input);
    refresh(input.charterId);
  }, "It is offered; both organizations get a mail, and nothing changes until the other one accepts.");
}

/** Takes the offer back before it is accepted. */
export async function takeBackConveningAction(form: FormData) {
  return asAction(async () => {
    const handoverId = parse(RowId, formText(form, "handoverId"));
    refresh((await takeBackConvening(contextFor(await requireActor()), handoverId)).charterId);
  }, "The offer is taken back; both organizations get a mail.");
}

function refresh(charterId: string): void {
  revalidatePath(`/drafts/${charterId}`, "layout");
  revalidatePath("/operator", "layout");
}
