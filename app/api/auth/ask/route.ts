import { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { asFormResponse, browserNonce, clientOf, readForm, seeOther, type WayBack } from "#app/_server/door.ts";
import { askSignIn } from "#lib/auth/ask-sign-in.ts";
import { browserCookie, newBrowserNonce, typedCookie } from "#lib/auth/cookies.ts";

const Input = z.strictObject({ email: z.string().max(400), next: z.string().max(500).default("") });

/** Sends a code to a mail address, and leads on to where it is typed. */
export function POST(request: Request): Promise<Response> {
  const { actor: _visitor, ...ctx } = contextFor({ kind: "visitor" });
  let back: WayBack = { path: "/signin" };
  const way = () => back;
  return asFormResponse(request, way, async () => {
    const input = await readForm(request, Input);
    back = {
      path: input.next ? `/signin?next=${encodeURIComponent(input.next)}` : "/signin",
      setCookie: typedCookie(ctx.site, input.email),
    };
    const browser = (await browserNonce()) ?? newBrowserNonce(ctx);
    const { challengeId } = await askSignIn(ctx, { ...input, browser, client: clientOf(request) });
    return seeOther(`/signin/check?c=${challengeId}`, browserCookie(ctx.site, browser));
  });
}
