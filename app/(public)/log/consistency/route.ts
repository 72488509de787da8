import { loadConsistency } from "#lib/queries/public-log.ts";
import { LogQuery } from "#lib/queries/public-query.ts";
import { logAnswer } from "../../_parts/log-answer.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request): Promise<Response> {
  return logAnswer(request, LogQuery, loadConsistency);
}
