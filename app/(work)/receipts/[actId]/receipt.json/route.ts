import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { receiptBytes } from "#lib/queries/receipt-bytes.ts";

/** The receipt of an act for the offline verifier; for everyone once the act is public. */
export async function GET(_request: Request, { params }: { params: Promise<{ actId: string }> }) {
  return asResponse(async () => {
    const bytes = await receiptBytes(contextFor(await currentActor()), (await params).actId);
    return new Response(Uint8Array.from(bytes), {
      headers: {
        "content-type": "application/json",
        "content-disposition": 'attachment; filename="receipt.json"',
        // With the officer's name for people of the organization, without it for all others: never in a shared cache.
        "cache-control": "private, no-store",
      },
    });
  });
}
