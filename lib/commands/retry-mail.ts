import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/**
 * Lets a mail that failed be tried again, from now on.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function retryMail(ctx: Context, mailId: string): Promise<void> {
  const operator = requireOnInstallation(ctx.actor, "read-operations");
  await transaction(ctx.db, async (tx) => {
    const retried = await tx.outbox.updateMany({
      where: { id: mailId, sentAt: null },
      data: { failedAt: null, attempts: 0, sendAfter: ctx.now },
    });
    if (retried.count === 0) throw new Refusal("not-found", "There is no such mail waiting.");
    await tx.operatorAction.create({
      data: { userId: operator.userId, kind: "retry-mail", subject: mailId, reason: "", at: ctx.now },
    });
  });
}
