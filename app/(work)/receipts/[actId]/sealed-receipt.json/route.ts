import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { sealedReceiptBytes } from "#lib/queries/receipt-bytes.ts";

/** What the organization keeps while its act is not in the log, with the keeper's promise. */
export async function GET(_request: Request, { params }: { params: Promise<{ actId: string }> }) {
  return asResponse(async () => {
    const bytes = await sealedReceiptBytes(contextFor(await currentActor()), (await params).actId);
    return new Response(Uint8Array.from(bytes), {
      headers: {
        "content-type": "application/json",
        "content-disposition": 'attachment; filename="sealed-receipt.json"',
        "cache-control": "private, no-store",
      },
    });
  });
}
