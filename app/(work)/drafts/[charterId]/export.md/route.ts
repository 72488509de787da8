import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { draftExport } from "#lib/queries/draft-export.ts";

/** The text of the draft as a Markdown file, for the organizations at the table. */
export async function GET(_request: Request, { params }: { params: Promise<{ charterId: string }> }) {
  return asResponse(async () => {
    const { charterId } = await params;
    const { markdown, fileName } = await draftExport(contextFor(await currentActor()), { charterId });
    return new Response(markdown, {
      headers: {
        "content-type": "text/markdown; charset=utf-8",
        "content-disposition": `attachment; filename="${fileName}"`,
        "cache-control": "private, no-store",
      },
    });
  });
}
