import type { Store } from "#lib/data/store.ts";
import { MailContent } from "#lib/domain/mail.ts";
import { type RenderedMail, renderMail } from "./render-mail.ts";

/** Hands a mail to a mail server; resolves when that server has taken it. */
export type SendMail = (mail: RenderedMail & { readonly to: string }) => Promise<void>;

/** After this many tries a mail counts as failed and waits for the operator. */
export const mailAttemptsMax = 6;

type Claimed = { id: string; to: string; payload: unknown; attempts: number };

/** Which mails are taken: a code is waited for by somebody in front of a page, so that it goes before whatever else is due, and can have a lane to itself. */
export type Lane = "all" | "codes";

/**
 * Sends one mail that is due, if there is one, and says so. Several processes may call it at once: each takes another mail.
 * The try is counted before the mail leaves, so that a crash in between leads to a second mail after the pause, never to none.
 */
export async function deliverMail(
  store: Store,
  publicUrl: string,
  send: SendMail,
  now: Date,
  lane: Lane = "all",
): Promise<boolean> {
  const mail = await claim(store, now, lane);
  if (!mail) return false;
  try {
    await send({ to: mail.to, ...renderMail(MailContent.parse(mail.payload), publicUrl) });
  } catch (error) {
    await markProblem(store, mail, error, now);
    return true;
  }
  // What was sent is forgotten: codes and names do not stay in the table.
  await store.db.outbox.update({ where: { id: mail.id }, data: { sentAt: now, payload: {}, lastProblem: null } });
  return true;
}

/** Takes a mail for one try; the next one follows after half a minute, then after four times as long each time. */
async function claim(store: Store, now: Date, lane: Lane): Promise<Claimed | undefined> {
  const { rows } = await store.pool.query<Claimed>(
    `UPDATE outbox SET attempts = attempts + 1,
            send_after = $1::timestamptz + make_interval(secs => 30 * power(4, least(attempts, 5)))
      WHERE id = (SELECT id FROM outbox
                   WHERE sent_at IS NULL AND failed_at IS NULL AND send_after <= $1 AND (payload ? 'code' OR $2)
                   ORDER BY payload ? 'code' DESC, send_after, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, "to", payload, attempts`,
    [now, lane === "all"],
  );
  return rows[0];
}

async function markProblem(store: Store, mail: Claimed, error: unknown, now: Date): Promise<void> {
  const problem = (error instanceof Error ? error.message : String(error)).replace(/\p{Cc}+/gu, " ").slice(0, 500);
  const isOver = mail.attempts >= mailAttemptsMax;
  await store.db.outbox.updateMany({
    where: { id: mail.id, sentAt: null },
    data: { lastProblem: problem, ...(isOver ? { failedAt: now } : {}) },
  });
}
