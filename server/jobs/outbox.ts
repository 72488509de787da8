import nodemailer from "nodemailer";
import type { Env } from "#lib/config/env.ts";
import type { Store } from "#lib/data/store.ts";
import { deliverMail, type SendMail } from "#lib/mail/deliver-mail.ts";
import type { Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often the outbox is looked at when it was empty. */
const pollMs = 800;

/**
 * Delivers the outbox by SMTP until it is drained. A mail that is under way at the drain is finished; the rest waits in
 * its table for the next start.
 */
export function startOutbox(store: Store, from: { mailFrom: string; publicUrl: string }, smtpUrl: string): Part {
  const transport = nodemailer.createTransport(smtpUrl, { from: from.mailFrom });
  return repeat(
    pollMs,
    "outbox",
    () => deliverMail(store, from.publicUrl, sendBy(transport), new Date()),
    () => transport.close(),
  );
}

/**
 * Asks a mail server whether it takes our mail, by sending one to `to`.
 *
 * @throws {Error} with the server's words.
 */
export async function sendTestMail(env: Pick<Env, "mailFrom">, smtpUrl: string, to: string): Promise<void> {
  const transport = nodemailer.createTransport(smtpUrl, { from: env.mailFrom });
  try {
    const words = "This is a test mail of Concordat. Nothing needs to be done.";
    await sendBy(transport)({ to, subject: "Concordat can send mail", text: `${words}\n`, html: `<p>${words}</p>` });
  } finally {
    transport.close();
  }
}

function sendBy(transport: nodemailer.Transporter): SendMail {
  return async (mail) => {
    await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true });
  };
}
