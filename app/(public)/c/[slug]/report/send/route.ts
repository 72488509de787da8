import { contextFor } from "#app/_server/context.ts";
import { reportFailure } from "#app/_server/report-failure.ts";
import { requireSameOrigin } from "#app/_server/same-origin.ts";
import { ErrorReportInput, reportError } from "#lib/commands/report-error.ts";
import { parse } from "#lib/domain/parse.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** The largest form that is read, in bytes. */
const formBytesMax = 32 * 1024;

/** Takes the report form, which works without JavaScript: every answer leads back to the page. */
export async function POST(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  try {
    requireSameOrigin(request);
    const size = Number(request.headers.get("content-length") ?? formBytesMax + 1);
    if (!(size <= formBytesMax)) throw new Refusal("malformed", "This report is too long.");
    const fields = Object.fromEntries(await request.formData());
    await reportError(contextFor({ kind: "visitor" }), slug, parse(ErrorReportInput, fields));
    return back(slug, "sent=1");
  } catch (error) {
    if (error instanceof Refusal) return refused(slug, error);
    reportFailure(error, "report");
    return back(slug, "problem=failed");
  }
}

function refused(slug: string, { code }: Refusal): Response {
  // An address that shows nothing takes nothing either, with the same words as everywhere.
  if (code === "not-found") return new Response("There is nothing public at this address.\n", { status: 404 });
  const known = code === "too-many" || code === "not-permitted" ? code : "malformed";
  return back(slug, `problem=${known}`);
}

function back(slug: string, query: string): Response {
  return new Response(null, {
    status: 303,
    headers: { location: `/c/${encodeURIComponent(slug)}/report?${query}`, "cache-control": "no-store" },
  });
}
