import nodemailer from "nodemailer";
import type { Env } from "#lib/config/env.ts";
import type { Store } from "#lib/data/store.ts";
import { deliverMail, type Lane, type SendMail } from "#lib/mail/deliver-mail.ts";
import type { Part } from "../house.ts";
import { repeat } from "../repeat.ts";

/** How often the outbox is looked at when it was empty. */
const pollMs = 800;

/** A mail server that says nothing for so long, in ms, is given up for this try: the others in the lane wait behind it. */
const silenceMsMax = 10_000;

/** Ways out beside each other: a thousand invitations, or a mail that the server chews on, hold up no code. */
const lanes: readonly Lane[] = ["codes", "all", "all"];

/**
 * Delivers the outbox by SMTP until it is drained. A mail that is under way at the drain is finished; the rest waits in
 * its table for the next start.
 */
export function startOutbox(store: Store, from: { mailFrom: string; publicUrl: string }, smtpUrl: string): Part {
  const transport = openTransport(smtpUrl, from.mailFrom);
  const parts = lanes.map((lane) =>
    repeat(pollMs, `outbox of ${lane}`, () => deliverMail(store, from.publicUrl, sendBy(transport), new Date(), lane)),
  );
  return {
    async drain() {
      await Promise.all(parts.map((part) => part.drain()));
      transport.close();
    },
  };
}

/**
 * Asks a mail server whether it takes our mail, by sending one to `to`.
 *
 * @throws {Error} with the server's words.
 */
export async function sendTestMail(env: Pick<Env, "mailFrom">, smtpUrl: string, to: string): Promise<void> {
  const transport = openTransport(smtpUrl, env.mailFrom);
  try {
    const words = "This is a test mail of Concordat. Nothing needs to be done.";
    await sendBy(transport)({ to, subject: "Concordat can send mail", text: `${words}\n`, html: `<p>${words}</p>` });
  } finally {
    transport.close();
  }
}

function openTransport(smtpUrl: string, from: string): nodemailer.Transporter {
  const patience = {
    connectionTimeout: silenceMsMax,
    greetingTimeout: silenceMsMax,
    socketTimeout: silenceMsMax,
    dnsTimeout: silenceMsMax,
  };
  return nodemailer.createTransport({ url: smtpUrl, ...patience }, { from });
}

function sendBy(transport: nodemailer.Transporter): SendMail {
  return async (mail) => {
    await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true });
  };
}
