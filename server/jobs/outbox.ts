import nodemailer from "nodemailer";
import type { Env } from "#lib/config/env.ts";
import type { Store } from "#lib/data/store.ts";
import { deliverMail, type SendMail } from "#lib/mail/deliver-mail.ts";
import type { Part } from "../house.ts";

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

/**
 * Runs `step` again and again: at once while it finds work, after a pause when it does not or when it broke. The drain waits
 * for the step under way.
 */
export function repeat(
  pauseMs: number,
  name: string,
  step: () => Promise<boolean>,
  close: () => void = () => {},
): Part {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      const found = await step().catch((error: unknown) => {
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        console.error(JSON.stringify({ level: "error", where: name, at: new Date().toISOString(), detail }));
        return false;
      });
      if (!found) await pause(pauseMs, stop.signal);
    }
  })();
  return {
    async drain() {
      stop.abort();
      await loop;
      close();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
