import { notificationsAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { PageQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(PageQuery, async (ctx, { query, params }: { query: PageQuery; params: { slug: string } }) =>
  notificationsAnswer(await loadPublicNotifications(ctx, params.slug, query)),
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
