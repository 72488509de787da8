import type { Context } from "#lib/data/context.ts";
import { requireAdminLeft } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { transaction } from "#lib/data/store.ts";
import type { OrganizationRole } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Gives a person of the organization exactly these roles. Whoever is no signing officer any more cannot sign, whatever mandate
 * stands; open sockets ask for their rights again.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict (the last admin).
 */
export async function changeMemberRoles(
  ctx: Context,
  organizationId: string,
  membershipId: string,
  roles: readonly OrganizationRole[],
): Promise<void> {
  requireForOrganization(ctx.actor, "manage-people", organizationId);
  if (roles.length === 0) throw new Refusal("malformed", "Choose at least one role, or end the membership.");
  await transaction(ctx.db, async (tx) => {
    const membership = await tx.membership.findFirst({
      where: { id: membershipId, organizationId, endedAt: null },
      select: { userId: true },
    });
    if (!membership) throw new Refusal("not-found", "There is no such person in the organization.");
    await tx.membership.update({ where: { id: membershipId }, data: { roles: [...new Set(roles)] } });
    await requireAdminLeft(tx, organizationId);
    await announceRightsChange(tx, { userId: membership.userId });
  });
}
