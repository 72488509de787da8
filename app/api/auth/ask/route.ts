import { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { asFormResponse, browserNonce, clientOf, readForm, seeOther } from "#app/_server/door.ts";
import { askSignIn } from "#lib/auth/ask-sign-in.ts";
import { browserCookie, newBrowserNonce } from "#lib/auth/cookies.ts";

const Input = z.strictObject({ email: z.string().max(400), next: z.string().max(500).default("") });

/** Sends a code to a mail address, and leads on to where it is typed. */
export function POST(request: Request): Promise<Response> {
  return asFormResponse(request, "/signin", async () => {
    const input = await readForm(request, Input);
    const { actor: _visitor, ...ctx } = contextFor({ kind: "visitor" });
    const browser = (await browserNonce()) ?? newBrowserNonce(ctx);
    const { challengeId } = await askSignIn(ctx, { ...input, browser, client: clientOf(request) });
    return seeOther(`/signin/check?c=${challengeId}`, browserCookie(ctx.site, browser));
  });
}
