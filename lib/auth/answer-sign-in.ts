import { type ChallengeAnswer, spendChallenge } from "#lib/data/challenge.ts";
import { finishMailSignIn, type NextAuthCall } from "./next-auth.ts";

/**
 * Uses a sign-in challenge up and answers with the redirect that carries the new session's cookie.
 *
 * @throws {Refusal} expired, wrong-code.
 */
export async function answerSignIn(call: NextAuthCall, now: Date, answer: ChallengeAnswer): Promise<Response> {
  const { email, callbackPath } = await spendChallenge(call.db, { now, site: call.site }, "sign-in", answer);
  // Dying here costs the person a second mail, and nothing else.
  return finishMailSignIn(call, email, callbackPath);
}
