import type { z } from "zod";
import { parseQuery, readSearchParams } from "#lib/queries/public-query.ts";
import { visitorContext } from "./ask.ts";
import { publicAnswer } from "./public-answer.ts";

type Context = ReturnType<typeof visitorContext>;

/** A part of the public log as plain text, exactly the bytes that hashes are over; pages of any site may read it. */
export async function logAnswer<Q>(
  request: Request,
  schema: z.ZodType<Q>,
  load: (ctx: Context, query: Q) => Promise<string | Uint8Array>,
): Promise<Response> {
  return publicAnswer(async () => {
    const query = parseQuery(schema, readSearchParams(new URL(request.url).searchParams));
    const body = await load(visitorContext(), query);
    return new Response(typeof body === "string" ? body : Uint8Array.from(body), {
      headers: { "content-type": "text/plain; charset=utf-8", "access-control-allow-origin": "*" },
    });
  });
}
