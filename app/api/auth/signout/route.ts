import { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { asFormResponse, readForm, seeOther } from "#app/_server/door.ts";
import { endedSessionCookie } from "#lib/auth/cookies.ts";
import { endSession } from "#lib/commands/end-session.ts";

/** Ends this browser's session; its sockets close with it. */
export function POST(request: Request): Promise<Response> {
  return asFormResponse(request, "/account", async () => {
    await readForm(request, z.strictObject({}));
    const actor = await currentActor();
    const ctx = contextFor(actor);
    if (actor.kind === "person") await endSession(ctx, actor.sessionId);
    return seeOther("/signin?ended=1", endedSessionCookie(ctx.site));
  });
}
