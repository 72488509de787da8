import { contextFor } from "#app/_server/context.ts";
import { exportMarkdown } from "#lib/domain/export-markdown.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";
import { publicAnswer } from "../../../../../_parts/public-answer.ts";

export const dynamic = "force-dynamic";

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ slug: string; number: string }> },
): Promise<Response> {
  const { slug, number } = await params;
  return publicAnswer(async () => {
    if (!/^[1-9]\d{0,5}$/.test(number)) throw new Refusal("not-found", "There is nothing public at this address.");
    const { version, parsed } = await loadPublicVersion(contextFor({ kind: "visitor" }), slug, Number(number));
    const words = exportMarkdown(parsed.text);
    return new Response(
      `${words}\n---\nVersion ${version.number}. SHA-256 of the canonical text: ${version.sha256Hex}\n`,
      {
        headers: { "content-type": "text/markdown; charset=utf-8" },
      },
    );
  });
}
