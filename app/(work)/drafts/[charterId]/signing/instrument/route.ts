import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { requireActor } from "#app/_server/current-actor.ts";
import { requireSameOrigin } from "#app/_server/same-origin.ts";
import { keepInstrument } from "#lib/commands/keep-instrument.ts";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";

/** Takes the scan of an instrument as the body, for the version that the query names; answers its id and SHA-256. */
export async function POST(request: Request): Promise<Response> {
  return asResponse(async () => {
    requireSameOrigin(request);
    const ctx = contextFor(await requireActor());
    const kept = await keepInstrument(ctx, {
      versionId: parse(RowId, new URL(request.url).searchParams.get("version")),
      mediaType: request.headers.get("content-type") ?? "",
      bytes: new Uint8Array(await request.arrayBuffer()),
    });
    return Response.json(kept, { headers: { "cache-control": "private, no-store" } });
  });
}
