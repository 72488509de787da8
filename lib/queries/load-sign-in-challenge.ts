import { type ChallengeAnswer, type ChallengeView, viewChallenge } from "#lib/data/challenge.ts";
import type { Context } from "#lib/data/context.ts";

/** What the sign-in pages may say about a challenge. Reading changes nothing, however often it is read. */
export async function loadSignInChallenge(ctx: Context, asked: ChallengeAnswer): Promise<ChallengeView> {
  return viewChallenge(ctx.db, ctx, asked);
}
