import { asFormResponse, nextAuthCall, seeOther, signInProviders } from "#app/_server/door.ts";
import { finishProviderSignIn } from "#lib/auth/next-auth.ts";

/** Where another provider sends people back to. Mail has no address here: its link leads to a page with a button. */
export async function GET(request: Request, { params }: { params: Promise<{ provider: string }> }): Promise<Response> {
  const { provider } = await params;
  if (!signInProviders().some((one) => one.id === provider)) return seeOther("/signin");
  const query = Object.fromEntries(new URL(request.url).searchParams);
  return asFormResponse(request, "/signin", async () =>
    finishProviderSignIn(await nextAuthCall(request), provider, query),
  );
}
