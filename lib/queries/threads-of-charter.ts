import type { Context } from "#lib/data/context.ts";
import { type ThreadView, threadsOfClause } from "./threads-of-clause.ts";

/**
 * All threads of a draft, open ones first.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function threadsOfCharter(ctx: Context, input: { charterId: string }): Promise<readonly ThreadView[]> {
  return (await threadsOfClause(ctx, { charterId: input.charterId, clauseId: null })).threads;
}
