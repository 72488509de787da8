import { randomUUID } from "node:crypto";
import { type Mail, MailContent } from "#lib/domain/mail.ts";
import type { Db, Tx } from "./store.ts";

/**
 * Queues a mail in the transaction of the command: it leaves if and only if the command commits, at least once.
 * Whoever can edit `outbox` can send mail in our name, but can not forge a signature.
 *
 * @throws {ZodError} when the content breaks its schema; a caller's bug.
 */
export async function enqueueMail(tx: Db | Tx, mail: Mail): Promise<void> {
  const content = JSON.stringify(MailContent.parse(mail.content));
  await tx.$executeRaw`
    INSERT INTO outbox (id, kind, "to", payload, created_at)
    VALUES (${randomUUID()}::uuid, ${mail.kind}, ${mail.to}, ${content}::jsonb, clock_timestamp())`;
}
