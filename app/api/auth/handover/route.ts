import { cookies } from "next/headers";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { asFormResponse } from "#app/_server/door.ts";
import { problem } from "#app/_server/http.ts";
import { handoverCookie, handoverCookieName, isSecure, newSessionCookie } from "#lib/auth/cookies.ts";
import { beginHandover, finishHandover, makeHandover } from "#lib/auth/handover.ts";
import { sharedSite } from "#lib/config/site.ts";
import { localPath } from "#lib/domain/local-path.ts";

/**
 * The way from the host on which people sign in to the one on which keys sign, in three steps by GET: the signing host asks, the other
 * host answers with a ticket for this browser, the signing host spends it. Changes nothing but who is signed in there.
 */
export function GET(request: Request): Promise<Response> {
  return asFormResponse(request, "/home", async () => {
    const site = sharedSite();
    const [main, sign] = [new URL(site.publicUrl), new URL(site.signOrigin)];
    if (main.origin === sign.origin) return problem(404, "not-found", "There is no such page.");
    const query = new URL(request.url).searchParams;
    const next = localPath(query.get("next"), "/home");
    const ctx = contextFor(await currentActor());
    if (request.headers.get("host")?.toLowerCase() !== sign.host) {
      const state = query.get("state") ?? "";
      if (ctx.actor.kind !== "person") {
        const back = `/api/auth/handover?state=${encodeURIComponent(state)}&next=${encodeURIComponent(next)}`;
        return lead(main, `/signin?next=${encodeURIComponent(back)}`);
      }
      const ticket = await makeHandover(ctx.db, ctx.actor, state, ctx.now);
      return lead(sign, `/api/auth/handover?ticket=${ticket}&next=${encodeURIComponent(next)}`);
    }
    const ticket = query.get("ticket");
    if (ticket === null) {
      const { nonce, state } = beginHandover();
      const path = `/api/auth/handover?state=${state}&next=${encodeURIComponent(next)}`;
      return lead(main, path, handoverCookie(site, nonce));
    }
    const nonce = (await cookies()).get(handoverCookieName(site))?.value;
    const given = { ticket, nonce, userAgent: request.headers.get("user-agent") };
    const token = await finishHandover(ctx.db, given, ctx.now);
    return lead(sign, next, newSessionCookie(token, isSecure({ publicUrl: site.signOrigin })));
  });
}

function lead(to: URL, path: string, setCookie?: string): Response {
  const headers = new Headers({ location: `${to.origin}${path}`, "cache-control": "private, no-store" });
  if (setCookie) headers.append("set-cookie", setCookie);
  return new Response(null, { status: 303, headers });
}
