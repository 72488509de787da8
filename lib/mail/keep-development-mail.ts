import type { Db } from "#lib/data/store.ts";

/** How many mails the development inbox keeps. */
const mailsMax = 500;

/** Puts a mail into the development inbox, and lets the oldest ones go. */
export async function keepDevelopmentMail(
  db: Db,
  mail: { from: string; to: string; subject: string; text: string; html: string },
): Promise<void> {
  await db.developmentMail.create({ data: mail });
  await db.$executeRaw`DELETE FROM development_mail WHERE id IN (
    SELECT id FROM development_mail ORDER BY received_at DESC OFFSET ${mailsMax})`;
}
