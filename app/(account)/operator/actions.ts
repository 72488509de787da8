"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { decideReview } from "#lib/commands/decide-review.ts";
import { retryMail } from "#lib/commands/retry-mail.ts";
import { suspendOrganization } from "#lib/commands/suspend-organization.ts";
import { VouchForKey, vouchForKey } from "#lib/commands/vouch-for-key.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

async function decide(form: FormData, outcome: "verified" | "refused", done: string) {
  return asAction(async () => {
    const reviewId = parse(RowId, formText(form, "reviewId"));
    const [shown, reason] = [formText(form, "shown"), formText(form, "reason")];
    await decideReview(contextFor(await requireActor()), { reviewId, shown, outcome, reason });
    revalidatePath("/operator");
  }, done);
}

export async function verifyAction(form: FormData) {
  return decide(form, "verified", "The organization is verified; its admins get a mail.");
}

export async function refuseAction(form: FormData) {
  return decide(form, "refused", "The organization gets your reason by mail.");
}

export async function suspendAction(form: FormData) {
  return asAction(async () => {
    await suspendOrganization(contextFor(await requireActor()), {
      organizationId: parse(RowId, formText(form, "organizationId")),
      isSuspended: formText(form, "isSuspended") === "yes",
      reason: formText(form, "reason"),
    });
    revalidatePath("/operator");
  }, "Done; the admins of the organization get a mail.");
}

export async function vouchForKeyAction(form: FormData) {
  return asAction(async () => {
    const input = parse(VouchForKey, { keyId: formText(form, "keyId"), reason: formText(form, "reason") });
    await vouchForKey(contextFor(await requireActor()), input);
    revalidatePath("/operator");
  }, "The key signs from now on, on your word.");
}

export async function retryMailAction(form: FormData) {
  return asAction(async () => {
    await retryMail(contextFor(await requireActor()), parse(RowId, formText(form, "mailId")));
    revalidatePath("/operator");
  }, "It is tried again now.");
}
