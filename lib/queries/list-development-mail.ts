import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** A mail in the development inbox. */
export type DevelopmentMailView = {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly receivedAt: Date;
};

/**
 * The latest mails of the demo world, the newest first; `to` narrows them to one address. The door has checked the request.
 *
 * @throws {Refusal} not-found outside a demo world.
 */
export async function listDevelopmentMail(
  ctx: Omit<Context, "actor">,
  to: string | undefined,
): Promise<DevelopmentMailView[]> {
  if (!ctx.site.isDemo) throw new Refusal("not-found", "There is no such page.");
  return ctx.db.developmentMail.findMany({
    where: to ? { to: { contains: to } } : {},
    orderBy: { receivedAt: "desc" },
    take: 50,
    select: { id: true, to: true, subject: true, text: true, receivedAt: true },
  });
}
