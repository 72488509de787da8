import { calledBy, lapseAppointment, tellOfAdmin } from "#lib/data/admin-appointment.ts";
import { addMember } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { type Db, type Tx, transaction } from "#lib/data/store.ts";

/**
 * Gives the role to the admins whom the operator named and whose rest is over. Each in a transaction of its own; a crash leaves the
 * others for the next tick, and none is done twice. Gives back how many.
 */
export async function settleAppointments(db: Db, now: Date): Promise<number> {
  const due = await db.adminAppointment.findMany({
    where: { outcome: null, takesEffectAt: { lte: now } },
    orderBy: { takesEffectAt: "asc" },
    select: { id: true, organizationId: true, userId: true },
  });
  let done = 0;
  for (const appointment of due) done += await transaction(db, (tx) => settle(tx, appointment, now));
  return done;
}

type Due = { readonly id: string; readonly organizationId: string; readonly userId: string };

async function settle(tx: Tx, { id, organizationId, userId }: Due, now: Date): Promise<number> {
  await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`;
  const membership = await tx.membership.findFirst({
    where: { organizationId, userId, endedAt: null, user: { erasedAt: null } },
    select: { user: { select: { name: true, email: true } }, organization: { select: { displayName: true } } },
  });
  if (!membership) {
    await lapseAppointment(tx, { organizationId, userId }, now);
    return 0;
  }
  const { count } = await tx.adminAppointment.updateMany({
    where: { id, outcome: null },
    data: { outcome: "done", decidedAt: now },
  });
  if (count === 0) return 0;
  await addMember(tx, { organizationId, userId, roles: ["admin"], now });
  await announceRightsChange(tx, { userId });
  const { displayName } = membership.organization;
  await tellOfAdmin(tx, organizationId, {
    kind: "admin-appointment-over",
    subject: `${displayName} has another admin`,
    from: "The operator of this installation decided this, and nobody stopped it.",
    inside: [`${calledBy(membership.user)} is an admin of ${displayName} from now on.`],
    outside: [`${displayName} has another admin from now on.`],
  });
  return 1;
}
