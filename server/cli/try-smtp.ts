import type { Env } from "#lib/config/env.ts";
import { sendTestMail } from "../jobs/outbox.ts";

/** Sends one test mail and says in one sentence whether the mail server took it. */
export async function trySmtp(
  env: Pick<Env, "mailFrom">,
  smtpUrl: string,
  to: string,
): Promise<{ isTaken: boolean; sentence: string }> {
  return sendTestMail(env, smtpUrl, to).then(
    () => ({ isTaken: true, sentence: `A test mail to ${to} was taken by the mail server.` }),
    (error: unknown) => {
      const reason = (error instanceof Error ? error.message : String(error)).split("\n")[0]?.replace(/\.$/, "");
      return { isTaken: false, sentence: `The mail server did not take a test mail: ${reason}.` };
    },
  );
}
