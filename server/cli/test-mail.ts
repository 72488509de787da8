import { readEnv } from "#lib/config/env.ts";
import { parseMailAddress } from "#lib/domain/mail-address.ts";
import { trySmtp } from "./try-smtp.ts";

/** `npm run mail:test -- <mail>`: sends one mail over SMTP_URL and says whether the mail server took it. */
async function main(args: readonly string[]): Promise<void> {
  const [address, ...rest] = args;
  if (!address || rest.length > 0) throw new Error("Say to whom: npm run mail:test -- name@example.org");
  const env = readEnv();
  if (!env.smtpUrl)
    throw new Error("SMTP_URL is missing: name the mail server to test, such as smtp://mail.example.org:587.");
  const { isTaken, sentence } = await trySmtp(env, env.smtpUrl, parseMailAddress(address));
  console.log(sentence);
  if (!isTaken) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
