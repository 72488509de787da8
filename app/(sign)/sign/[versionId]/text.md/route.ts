import { asResponse } from "#app/_server/as-response.ts";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { exportMarkdown } from "#lib/domain/export-markdown.ts";
import { loadCeremony } from "#lib/queries/ceremony.ts";

/** The frozen text as Markdown, for reading at leisure. */
export async function GET(_request: Request, { params }: { params: Promise<{ versionId: string }> }) {
  return asResponse(async () => {
    const view = await loadCeremony(contextFor(await currentActor()), (await params).versionId);
    const text = exportMarkdown({ title: view.title, language: view.language, clauses: [...view.clauses] });
    return new Response(`${text}\n---\n\nVersion ${view.number}. SHA-256 of the canonical text: ${view.sha256Hex}\n`, {
      headers: {
        "content-type": "text/markdown; charset=utf-8",
        "content-disposition": `attachment; filename="version-${view.number}.md"`,
        "cache-control": "private, no-store",
      },
    });
  });
}
