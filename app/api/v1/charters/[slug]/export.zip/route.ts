import { visitorContext } from "#app/(public)/_parts/ask.ts";
import { publicAnswer } from "#app/(public)/_parts/public-answer.ts";
import { loadPublicExport } from "#lib/queries/public-export.ts";
import { NoQuery, parseQuery, readSearchParams } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  return publicAnswer(async () => {
    parseQuery(NoQuery, readSearchParams(new URL(request.url).searchParams));
    return new Response(Uint8Array.from(await loadPublicExport(visitorContext(), slug)), {
      headers: {
        "content-type": "application/zip",
        "content-disposition": `attachment; filename="${slug}.zip"`,
        "access-control-allow-origin": "*",
      },
    });
  });
}

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
