import { visitorContext } from "#app/(public)/_parts/ask.ts";
import { publicAnswer } from "#app/(public)/_parts/public-answer.ts";
import { loadPublicExport } from "#lib/queries/public-export.ts";
import { NoQuery, parseQuery, readSearchParams } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  return publicAnswer(async () => {
    parseQuery(NoQuery, readSearchParams(new URL(request.url).searchParams));
    const archive = streamOf(await loadPublicExport(visitorContext(), slug));
    // The files of the archive are stored as they are, so that each of its bytes can be checked: what shortens it is HTTP.
    const isPacked = /\bgzip\b/.test(request.headers.get("accept-encoding") ?? "");
    return new Response(isPacked ? archive.pipeThrough(new CompressionStream("gzip")) : archive, {
      headers: {
        "content-type": "application/zip",
        ...(isPacked ? { "content-encoding": "gzip" } : {}),
        vary: "accept-encoding",
        "content-disposition": `attachment; filename="${slug}.zip"`,
        "access-control-allow-origin": "*",
      },
    });
  });
}

/** Made only as fast as it is read, and no further once the reader is gone. */
function streamOf(pieces: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const next = await iterator.next();
      if (next.done) controller.close();
      else controller.enqueue(Uint8Array.from(next.value));
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
