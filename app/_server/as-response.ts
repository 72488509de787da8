import "server-only";
import { unstable_rethrow } from "next/navigation";
import { Refusal } from "#lib/domain/refusal.ts";
import { currentActor } from "./current-actor.ts";
import { problem, STATUS } from "./http.ts";
import { reportFailure } from "./report-failure.ts";

/** Runs the work of a route. A Refusal becomes problem+json with its status; a bug or an outage becomes a 500 with an id. */
export async function asResponse(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    unstable_rethrow(error);
    if (error instanceof Refusal) {
      // A visitor is not told whether there is something behind the sign-in.
      const isHidden = error.code === "not-found" && (await currentActor()).kind === "visitor";
      if (isHidden) return problem(401, "not-signed-in", "Sign in to go on.");
      return problem(STATUS[error.code], error.code, error.message);
    }
    const id = reportFailure(error, "route");
    return problem(500, "failed", `Something went wrong on our side. The number of this failure is ${id}.`, { id });
  }
}
