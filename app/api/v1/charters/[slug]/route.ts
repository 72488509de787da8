import { charterAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { NoQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(NoQuery, async (ctx, { params }: { params: { slug: string } }) =>
  charterAnswer(await loadPublicCharter(ctx, params.slug), ctx.site.publicUrl),
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
