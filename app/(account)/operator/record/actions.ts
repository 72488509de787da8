"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { disputeSignature } from "#lib/commands/dispute-signature.ts";
import { settleDispute } from "#lib/commands/settle-dispute.ts";
import { succeedOrganization } from "#lib/commands/succeed-organization.ts";
import { voidSignature } from "#lib/commands/void-signature.ts";
import { WithholdClause, withholdClause } from "#lib/commands/withhold-clause.ts";
import { SayOfSignature } from "#lib/domain/keeper-acts.ts";
import { parse } from "#lib/domain/parse.ts";
import { SucceedOrganization } from "#lib/domain/succession.ts";

type Ctx = ReturnType<typeof contextFor>;

async function say(form: FormData, work: (ctx: Ctx, input: SayOfSignature) => Promise<unknown>, done: string) {
  return asAction(async () => {
    const input = parse(SayOfSignature, { signActId: formText(form, "signActId"), reason: formText(form, "reason") });
    await work(contextFor(await requireActor()), input);
    revalidatePath("/operator/record");
  }, done);
}

export async function disputeAction(form: FormData) {
  return say(form, disputeSignature, "The list shows the signature as disputed; the organization gets a mail.");
}

export async function settleAction(form: FormData) {
  return say(form, settleDispute, "The signature stands; the organization gets a mail.");
}

export async function voidAction(form: FormData) {
  return say(
    form,
    voidSignature,
    "The signature is void from the start and off the list; the organization gets a mail.",
  );
}

export async function succeedAction(form: FormData) {
  return asAction(async () => {
    const input = parse(SucceedOrganization, {
      organizationId: formText(form, "organizationId"),
      successorId: formText(form, "successorId"),
      ground: formText(form, "ground"),
      reason: formText(form, "reason"),
    });
    await succeedOrganization(contextFor(await requireActor()), input);
    revalidatePath("/operator/record");
  }, "Recorded; both organizations get a mail.");
}

export async function withholdAction(form: FormData) {
  return asAction(async () => {
    const input = parse(WithholdClause, {
      versionId: formText(form, "versionId"),
      clauseId: formText(form, "clauseId")
        .trim()
        .replace(/^.*\/|^c-/g, ""),
      reason: formText(form, "reason"),
    });
    await withholdClause(contextFor(await requireActor()), input);
    revalidatePath("/operator/record");
  }, "The words are published no longer.");
}
