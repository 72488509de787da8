import { problem, STATUS } from "#app/_server/http.ts";
import { reportFailure } from "#app/_server/report-failure.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { QueryRefusal } from "#lib/queries/public-query.ts";

/**
 * Runs the work of a public GET. Refusals become problem+json, naming the field of a query that makes no sense; anyone's
 * page may read the answer.
 */
export async function publicAnswer(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof QueryRefusal) return open(problem(400, error.code, error.message, { field: error.field }));
    if (error instanceof Refusal) return open(problem(STATUS[error.code], error.code, error.message));
    const id = reportFailure(error, "public");
    return open(
      problem(500, "failed", `Something went wrong on our side. The number of this failure is ${id}.`, { id }),
    );
  }
}

/** Public reads may be made by pages of any site: nothing in them depends on who asks. */
function open(response: Response): Response {
  response.headers.set("access-control-allow-origin", "*");
  return response;
}
