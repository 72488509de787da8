import { versionAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { notPublic } from "#lib/queries/public-charter.ts";
import { NoQuery } from "#lib/queries/public-query.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(NoQuery, async (ctx, { params }: { params: { slug: string; number: string } }) => {
  if (!/^[1-9]\d{0,5}$/.test(params.number)) throw notPublic();
  return versionAnswer(await loadPublicVersion(ctx, params.slug, Number(params.number)), ctx.site.publicUrl);
});

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
