import { organizationAnswer } from "#app/api/v1/_answers/charters.ts";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { loadPublicOrganization } from "#lib/queries/public-organization.ts";
import { NoQuery } from "#lib/queries/public-query.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(NoQuery, async (ctx, { params }: { params: { slug: string } }) =>
  organizationAnswer(await loadPublicOrganization(ctx, params.slug)),
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
