import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { loadInstrument } from "#lib/queries/instrument.ts";

/** The scan behind a signature from paper, for the depositary and the people of the organization. */
export async function GET(_request: Request, { params }: { params: Promise<{ actId: string }> }): Promise<Response> {
  return asResponse(async () => {
    const { mediaType, bytes } = await loadInstrument(contextFor(await currentActor()), (await params).actId);
    const name = `instrument.${mediaType.split("/")[1] ?? "bin"}`;
    return new Response(Uint8Array.from(bytes), {
      headers: {
        "content-type": mediaType,
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "private, no-store",
      },
    });
  });
}
