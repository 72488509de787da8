import { clauseAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { loadPublicClause } from "#lib/queries/public-clause.ts";
import { NoQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(NoQuery, async (ctx, { params }: { params: { slug: string; clauseId: string } }) =>
  clauseAnswer(await loadPublicClause(ctx, params.slug, params.clauseId)),
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
