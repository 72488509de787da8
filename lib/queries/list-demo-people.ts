import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";

/** Somebody who can sign in with one click. */
export type DemoPerson = {
  readonly userId: string;
  readonly name: string;
  readonly isOperator: boolean;
  readonly organizations: readonly { readonly name: string; readonly roles: readonly string[] }[];
};

/**
 * The people of the demo world, by organization. The door has checked that this request may see them.
 *
 * @throws {Refusal} not-found outside a demo world.
 */
export async function listDemoPeople(ctx: Omit<Context, "actor">): Promise<DemoPerson[]> {
  if (!ctx.site.isDemo) throw new Refusal("not-found", "There is no such page.");
  const users = await ctx.db.user.findMany({
    where: { erasedAt: null, OR: [{ isOperator: true }, { memberships: { some: { endedAt: null } } }] },
    orderBy: { createdAt: "asc" },
    take: 60,
    select: {
      id: true,
      name: true,
      email: true,
      isOperator: true,
      memberships: {
        where: { endedAt: null },
        orderBy: { from: "asc" },
        select: { roles: true, organization: { select: { displayName: true } } },
      },
    },
  });
  return users.map((user) => ({
    userId: user.id,
    name: user.name ?? user.email,
    isOperator: user.isOperator,
    organizations: user.memberships.map((one) => ({ name: one.organization.displayName, roles: one.roles })),
  }));
}
