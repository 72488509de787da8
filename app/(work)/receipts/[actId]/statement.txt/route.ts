import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";

/** The exact bytes that were signed, for the people of the organization. */
export async function GET(_request: Request, { params }: { params: Promise<{ actId: string }> }) {
  return asResponse(async () => {
    const { statement } = await loadReceipt(contextFor(await currentActor()), (await params).actId);
    return new Response(statement, {
      headers: {
        "content-type": "text/plain; charset=utf-8",
        "content-disposition": 'attachment; filename="statement.txt"',
        "cache-control": "private, no-store",
      },
    });
  });
}
