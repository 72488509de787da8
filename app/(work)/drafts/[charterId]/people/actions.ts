"use server";

import { revalidatePath } from "next/cache";
import { asAction } from "#app/_server/as-action.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { formText } from "#app/_server/form.ts";
import { type AnswerConvening, answerConvening } from "#lib/commands/answer-convening.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

export async function acceptConveningAction(form: FormData) {
  return answer(form, "accept", "Your organization is the convenor from now on; everybody at the table gets a mail.");
}

export async function declineConveningAction(form: FormData) {
  return answer(form, "decline", "It is declined; the convenor gets a mail and stays who it is.");
}

async function answer(form: FormData, words: AnswerConvening["answer"], done: string) {
  return asAction(async () => {
    const handoverId = parse(RowId, formText(form, "handoverId"));
    const input = { handoverId, answer: words };
    refresh((await answerConvening(contextFor(await requireActor()), input)).charterId);
  }, done);
}

function refresh(charterId: string): void {
  revalidatePath(`/drafts/${charterId}`, "layout");
  revalidatePath("/operator", "layout");
}
