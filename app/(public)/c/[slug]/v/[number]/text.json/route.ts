import { contextFor } from "#app/_server/context.ts";
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
    // Exactly the bytes whose SHA-256 is the fingerprint: not a space may be added.
    return new Response(Uint8Array.from(parsed.bytes), {
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-disposition": `attachment; filename="${slug}-v${version.number}.json"`,
        "access-control-allow-origin": "*",
      },
    });
  });
}
