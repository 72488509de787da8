import { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { asFormResponse, browserNonce, clientOf, nextAuthCall, readForm } from "#app/_server/door.ts";
import { answerSignIn } from "#lib/auth/answer-sign-in.ts";
import { limitClient } from "#lib/auth/limits.ts";
import { RowId } from "#lib/domain/ids.ts";

const Input = z.strictObject({
  c: RowId,
  code: z.string().max(20).optional(),
  t: z.string().max(100).optional(),
});

/** Takes the code that was typed, or the token of a link whose button was pressed, and signs in. */
export async function POST(request: Request): Promise<Response> {
  const challenge = RowId.safeParse(new URL(request.url).searchParams.get("c"));
  const back = challenge.success ? `/signin/check?c=${challenge.data}` : "/signin";
  return asFormResponse(request, back, async () => {
    const input = await readForm(request, Input);
    await limitClient("answer", clientOf(request));
    const { now } = contextFor({ kind: "visitor" });
    const answer = { id: input.c, browser: await browserNonce(), token: input.t, code: input.code };
    return answerSignIn(await nextAuthCall(request), now, answer);
  });
}
