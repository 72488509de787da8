import type { z } from "zod";
import { contextFor } from "#app/_server/context.ts";
import { problem } from "#app/_server/http.ts";
import { publicAnswer } from "#app/(public)/_parts/public-answer.ts";
import { notPublic } from "#lib/queries/public-charter.ts";
import { parseQuery, readSearchParams } from "#lib/queries/public-query.ts";

type Context = ReturnType<typeof contextFor>;

/** Headers of every answer: any site's pages may read it, and see its entity tag. */
const open = { "access-control-allow-origin": "*", "access-control-expose-headers": "ETag, Retry-After" };

/**
 * A GET of the API: the query by its strict schema, the parameters of the path as they are, the answer as JSON. ETag and
 * 304 are added by the page cache in front.
 */
export function apiGet<Q, P extends Record<string, string | string[]> = Record<string, never>>(
  schema: z.ZodType<Q>,
  answer: (ctx: Context, asked: { readonly query: Q; readonly params: P }) => Promise<unknown>,
) {
  return async (request: Request, { params }: { params: Promise<P> }): Promise<Response> =>
    publicAnswer(async () => {
      const query = parseQuery(schema, readSearchParams(new URL(request.url).searchParams));
      const asked = await params;
      // PostgreSQL cannot even be asked for text with a NUL in it, so nothing has such a name.
      if (Object.values(asked ?? {}).some((part) => String(part).includes("\0"))) throw notPublic();
      const ctx = contextFor({ kind: "visitor" });
      return Response.json(await answer(ctx, { query, params: asked }), { headers: open });
    });
}

/** Every other method: the API only reads. */
export async function methodNotAllowed(): Promise<Response> {
  const response = problem(405, "method-not-allowed", "This can only be read: use GET.");
  response.headers.set("allow", "GET, HEAD, OPTIONS");
  response.headers.set("access-control-allow-origin", "*");
  return response;
}

/** The question a browser asks before some requests of other sites' pages. */
export async function preflight(): Promise<Response> {
  return new Response(null, {
    status: 204,
    headers: {
      ...open,
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
      "access-control-allow-headers": "If-None-Match",
      "access-control-max-age": "86400",
      allow: "GET, HEAD, OPTIONS",
    },
  });
}
