import { lapseAppointment } from "#lib/data/admin-appointment.ts";
import type { Context } from "#lib/data/context.ts";
import { requireAdminLeft } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { revokeKeysOf } from "#lib/data/signing-keys.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization, requirePerson } from "#lib/domain/rights.ts";

/**
 * Ends somebody's acting for the organization, with their mandates and signing keys: by an admin, or by the person themself.
 * What they signed stands, since the organization signed.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, conflict (the last admin).
 */
export async function endMembership(ctx: Context, organizationId: string, membershipId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  if (!membershipIn(person, organizationId)) throw new Refusal("not-found", "There is no such organization.");
  await transaction(ctx.db, async (tx) => {
    const membership = await tx.membership.findFirst({
      where: { id: membershipId, organizationId, endedAt: null },
      select: { userId: true },
    });
    if (!membership) throw new Refusal("not-found", "There is no such person in the organization.");
    const { userId } = membership;
    if (userId !== person.userId) requireForOrganization(person, "manage-people", organizationId);
    await tx.membership.update({ where: { id: membershipId }, data: { endedAt: ctx.now } });
    await tx.signingMandate.updateMany({
      where: { organizationId, userId, endedAt: null },
      data: { endedAt: ctx.now },
    });
    await tx.user.updateMany({
      where: { id: userId, currentOrganizationId: organizationId },
      data: { currentOrganizationId: null },
    });
    await requireAdminLeft(tx, organizationId);
    await lapseAppointment(tx, { organizationId, userId }, ctx.now);
    await announceRightsChange(tx, { userId });
    await revokeKeysOf(tx, userId, ctx.now, organizationId);
  });
}
