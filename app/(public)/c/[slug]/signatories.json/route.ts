import { contextFor } from "#app/_server/context.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { parseQuery, readSearchParams, SignatoryQuery } from "#lib/queries/public-query.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";
import { publicAnswer } from "../../../_parts/public-answer.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  return publicAnswer(async () => {
    const query = parseQuery(SignatoryQuery, readSearchParams(new URL(request.url).searchParams));
    const view = await loadPublicSignatories(contextFor({ kind: "visitor" }), slug, query, Number.POSITIVE_INFINITY);
    return Response.json(signatoriesAnswer(view), { headers: { "access-control-allow-origin": "*" } });
  });
}
