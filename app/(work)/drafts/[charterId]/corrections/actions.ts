"use server";

import { revalidatePath } from "next/cache";
import { type ActionResult, asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { proposeCorrection } from "#lib/commands/propose-correction.ts";
import { TakeBackCorrection, takeBackCorrection } from "#lib/commands/take-back-correction.ts";
import { ProposeCorrection } from "#lib/domain/correction.ts";
import { parse } from "#lib/domain/parse.ts";

/** Proposes to replace words of one clause. */
export async function proposeCorrectionAction(charterId: string, form: FormData): Promise<ActionResult<null>> {
  return asAction(async () => {
    const input = parse(ProposeCorrection, {
      versionId: formText(form, "versionId"),
      replacements: [
        {
          clauseId: formText(form, "clauseId"),
          wrong: formText(form, "wrong").replaceAll("\r\n", "\n"),
          right: formText(form, "right").replaceAll("\r\n", "\n"),
        },
      ],
      reason: formText(form, "reason"),
    });
    await proposeCorrection(contextFor(await requireActor()), input);
    revalidatePath(`/drafts/${charterId}/corrections`);
    return null;
  }, "It is proposed; every organization that signed gets a mail.");
}

/** Takes a proposal back before it is published. */
export async function takeBackCorrectionAction(charterId: string, form: FormData): Promise<ActionResult<null>> {
  return asAction(async () => {
    const input = { correctionId: formText(form, "correctionId"), reason: formText(form, "reason") };
    await takeBackCorrection(contextFor(await requireActor()), parse(TakeBackCorrection, input));
    revalidatePath(`/drafts/${charterId}/corrections`);
    return null;
  }, "It is taken back, and the text stays as it is; every organization that signed gets a mail.");
}
