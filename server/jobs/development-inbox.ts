import type { AddressInfo } from "node:net";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { Store } from "#lib/data/store.ts";
import { keepDevelopmentMail } from "#lib/mail/keep-development-mail.ts";

/**
 * Takes mail by real SMTP on a free port of 127.0.0.1 and keeps it for the page in the app. For the demo world alone: nothing
 * that arrives here leaves the machine.
 */
export async function startDevelopmentInbox(store: Store): Promise<{ smtpUrl: string; close(): Promise<void> }> {
  const server = new SMTPServer({
    disabledCommands: ["AUTH", "STARTTLS"],
    size: 1024 * 1024,
    logger: false,
    banner: "Concordat development inbox",
    onData(stream, session, callback) {
      read(stream)
        .then(async (source) => {
          const mail = await PostalMime.parse(source);
          await keepDevelopmentMail(store.db, {
            from: session.envelope.mailFrom ? session.envelope.mailFrom.address : "",
            to: session.envelope.rcptTo.map((one) => one.address).join(", "),
            subject: mail.subject ?? "",
            text: mail.text ?? "",
            html: mail.html ?? "",
          });
        })
        .then(
          () => callback(),
          // The sender keeps the mail and tries again.
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
        );
    },
  });
  server.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    server.server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  // A server that listens on TCP has an address of this shape.
  const { port } = server.server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

async function read(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
