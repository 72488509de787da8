import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { loadSignedBytes } from "#lib/queries/ceremony.ts";

/**
 * The canonical bytes, for the browser to hash by itself before anything is signed; with `?sha256=` those of the text with that
 * fingerprint, which may be a corrected copy.
 */
export async function GET(request: Request, { params }: { params: Promise<{ versionId: string }> }) {
  return asResponse(async () => {
    const wanted = new URL(request.url).searchParams.get("sha256") ?? undefined;
    const bytes = await loadSignedBytes(contextFor(await currentActor()), (await params).versionId, wanted);
    return new Response(Uint8Array.from(bytes), {
      headers: { "content-type": "application/json; charset=utf-8", "cache-control": "private, no-store" },
    });
  });
}
