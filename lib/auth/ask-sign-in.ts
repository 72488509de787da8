import { openChallenge } from "#lib/data/challenge.ts";
import type { Context } from "#lib/data/context.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { localPath } from "#lib/domain/local-path.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { limitAddress, limitClient } from "./limits.ts";

/**
 * Sends a link and a six-digit code to an address, for the browser with this nonce. Says nothing about whether there is an
 * account: everyone who can read the mail may sign in.
 *
 * @throws {Refusal} malformed, too-many.
 */
export async function askSignIn(
  ctx: Omit<Context, "actor">,
  input: { email: string; next: string | null; browser: string; client: string },
): Promise<{ challengeId: string }> {
  await limitClient("ask", input.client);
  const email = parseMailAddress(input.email);
  await limitAddress(ctx.db, email, ctx.now);
  return transaction(ctx.db, async (tx) => {
    const challenge = await openChallenge(tx, ctx, {
      purpose: "sign-in",
      email,
      browser: input.browser,
      callbackPath: localPath(input.next, "/home"),
    });
    await enqueueMail(tx, {
      kind: "sign-in",
      to: email,
      content: {
        subject: `${challenge.code} is your code to sign in`,
        from: `Somebody, we hope you, asked to sign in to Concordat at ${new URL(ctx.site.publicUrl).host} with this address.`,
        paragraphs: ["Type this code in the browser in which you asked, or open the link there and press the button."],
        code: challenge.code,
        action: { label: "Sign in", path: `/signin/confirm?c=${challenge.id}&t=${challenge.token}` },
        closing:
          "The code counts for ten minutes and once. If you did not ask, do nothing: without this mail nobody can sign in as you.",
      },
    });
    return { challengeId: challenge.id };
  });
}
