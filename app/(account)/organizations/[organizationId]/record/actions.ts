"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { declareSuccession } from "#lib/commands/declare-succession.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { objectToCorrection } from "#lib/commands/object-to-correction.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { DeclareSuccession } from "#lib/domain/succession.ts";

function renew(form: FormData): void {
  revalidatePath(`/organizations/${parse(RowId, formText(form, "organizationId"))}/record`);
}

export async function disputeAction(form: FormData) {
  return asAction(async () => {
    await disputeSignature(contextFor(await requireActor()), {
      signActId: parse(RowId, formText(form, "signActId")),
      reason: formText(form, "reason"),
    });
    renew(form);
  }, "The list shows the signature as disputed; the operator gets a mail.");
}

export async function declareAction(form: FormData) {
  return asAction(async () => {
    const input = parse(DeclareSuccession, {
      signActId: formText(form, "signActId"),
      outcome: formText(form, "outcome"),
      reason: formText(form, "reason"),
    });
    await declareSuccession(contextFor(await requireActor()), input);
    renew(form);
  }, "It is in the record.");
}

export async function objectAction(form: FormData) {
  return asAction(async () => {
    await objectToCorrection(contextFor(await requireActor()), {
      correctionId: parse(RowId, formText(form, "correctionId")),
      organizationId: parse(RowId, formText(form, "organizationId")),
      reason: formText(form, "reason"),
    });
    renew(form);
  }, "The correction falls; everybody who signed gets a mail.");
}
