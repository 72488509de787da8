import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { openApiDocument } from "#app/api/v1/_answers/openapi.ts";
import { NoQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(NoQuery, async (ctx) => openApiDocument(ctx.site.publicUrl));

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
