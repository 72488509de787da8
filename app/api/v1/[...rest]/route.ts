import { z } from "zod";
import { apiGet } from "#app/api/v1/_answers/doors.ts";
import { notPublic } from "#lib/queries/public-charter.ts";

export const dynamic = "force-dynamic";

export const GET = apiGet<unknown, { rest: string[] }>(z.unknown(), async () => {
  throw notPublic();
});

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as PATCH,
  methodNotAllowed as POST,
  methodNotAllowed as PUT,
  preflight as OPTIONS,
} from "#app/api/v1/_answers/doors.ts";
