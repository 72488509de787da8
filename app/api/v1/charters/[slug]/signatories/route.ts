import { apiGet } from "#app/api/v1/_answers/doors.ts";
import type { Signatories } from "#app/api/v1/_answers/schemas.ts";
import { signatoriesAnswer } from "#lib/domain/signatory-answer.ts";
import { SignatoryQuery } from "#lib/queries/public-query.ts";
import { loadPublicSignatories } from "#lib/queries/public-signatories.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet(
  SignatoryQuery,
  async (ctx, { query, params }: { query: SignatoryQuery; params: { slug: string } }) =>
    signatoriesAnswer(await loadPublicSignatories(ctx, params.slug, query)) satisfies Signatories,
);

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
