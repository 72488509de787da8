import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/**
 * The mail address a demo person signs in with. The door has checked that this request may use it.
 *
 * @throws {Refusal} not-found outside a demo world, and for people who are not in it.
 */
export async function loadDemoAddress(ctx: Omit<Context, "actor">, userId: string): Promise<string> {
  const user = ctx.site.isDemo
    ? await ctx.db.user.findUnique({ where: { id: userId, erasedAt: null }, select: { email: true } })
    : null;
  if (!user) throw new Refusal("not-found", "There is no such person.");
  return user.email;
}
