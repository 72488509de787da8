import { directoryAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { loadPublicDirectory } from "#lib/queries/public-directory.ts";
import { DirectoryQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(DirectoryQuery, async (ctx, { query }) =>
  directoryAnswer(await loadPublicDirectory(ctx, query), ctx.site.publicUrl),
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
