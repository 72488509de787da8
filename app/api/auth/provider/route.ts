import { z } from "zod";
import { asFormResponse, nextAuthCall, readForm, signInProviders } from "#app/_server/door.ts";
import { beginProviderSignIn } from "#lib/auth/next-auth.ts";
import { Refusal } from "#lib/domain/refusal.ts";

const Input = z.strictObject({ id: z.string().max(20), next: z.string().max(500).default("") });

/** Leads on to another provider to sign in there. */
export function POST(request: Request): Promise<Response> {
  return asFormResponse(request, "/signin", async () => {
    const input = await readForm(request, Input);
    if (!signInProviders().some((one) => one.id === input.id))
      throw new Refusal("malformed", "There is no such provider.");
    return beginProviderSignIn(await nextAuthCall(request), input.id, input.next);
  });
}
