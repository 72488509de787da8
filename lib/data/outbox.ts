import { type Mail, MailContent } from "#lib/domain/mail.ts";
import type { Db, Tx } from "./store.ts";

/**
 * Queues a mail in the transaction of the command: it leaves if and only if the command commits, at least once.
 * Whoever can edit `outbox` can send mail in our name, but can not forge a signature.
 *
 * @throws {ZodError} when the content breaks its schema; a caller's bug.
 */
export async function enqueueMail(tx: Db | Tx, mail: Mail): Promise<void> {
  await tx.outbox.createMany({
    data: { kind: mail.kind, to: mail.to, payload: MailContent.parse(mail.content) },
  });
}
