import { HashHex } from "#lib/ledger/fields.ts";
import { notPublic } from "#lib/queries/public-charter.ts";
import { loadLogBlob } from "#lib/queries/public-log.ts";
import { NoQuery } from "#lib/queries/public-query.ts";
import { logAnswer } from "../../../_parts/log-answer.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ sha256: string }> }): Promise<Response> {
  const hash = HashHex.safeParse((await params).sha256);
  return logAnswer(request, NoQuery, async (ctx) => {
    if (!hash.success) throw notPublic();
    return loadLogBlob(ctx, hash.data);
  });
}
