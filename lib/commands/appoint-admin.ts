import { z } from "zod";
import { calledBy, tellOfAdmin } from "#lib/data/admin-appointment.ts";
import type { Context } from "#lib/data/context.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { adminRestMs } from "#lib/domain/admin-appointment.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { formatDay } from "#lib/domain/version-status.ts";

export const AppointAdmin = z.strictObject({ organizationId: RowId, membershipId: RowId, evidence: z.string() });
export type AppointAdmin = z.infer<typeof AppointAdmin>;

/**
 * The operator names a member of an organization as its admin, on evidence that is kept: where the only admin is gone or cannot be
 * reached. It takes effect after a rest, and until then the organization's admins and the operators can stop it. Nobody loses a role.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed; conflict for who is an admin, and while another appointment waits.
 */
export async function appointAdmin(ctx: Context, raw: AppointAdmin): Promise<{ takesEffectAt: Date }> {
  const operator = requireOnInstallation(ctx.actor, "appoint-admin");
  const { organizationId, membershipId, evidence: text } = AppointAdmin.parse(raw);
  const evidence = text.trim();
  if (evidence.length < 20 || evidence.length > 1000) {
    throw new Refusal("malformed", "Say what you saw, from whom, and when, in a sentence or more; it is kept.");
  }
  return transaction(ctx.db, async (tx) => {
    const { user, organization } = await requireAppointable(tx, organizationId, membershipId);
    const takesEffectAt = new Date(ctx.now.getTime() + adminRestMs);
    await tx.adminAppointment.create({
      data: {
        organizationId,
        userId: user.id,
        evidence,
        appointedBy: operator.userId,
        appointedAt: ctx.now,
        takesEffectAt,
      },
    });
    await tx.operatorAction.create({
      data: {
        userId: operator.userId,
        kind: "appoint-admin",
        subject: organizationId,
        reason: "On evidence that is kept with the organization.",
        at: ctx.now,
      },
    });
    const on = formatDay(takesEffectAt);
    await tellOfAdmin(tx, organizationId, {
      kind: "admin-appointed",
      subject: `${organization.displayName} gets another admin on ${on}`,
      from: "The operator of this installation decided this on evidence.",
      inside: [
        `${calledBy(user)} will be an admin of ${organization.displayName} from ${on} on. Nobody loses a role by it.`,
        `What it rests on: ${evidence}`,
        "If this is wrong, an admin of the organization can stop it on its page before that day, and so can the operator.",
      ],
      outside: [
        `${organization.displayName}, which sits at the table of a charter of yours, gets another admin on ${on}, because its own cannot be reached.`,
        "If you know that this is wrong, tell the operator before that day.",
      ],
    });
    return { takesEffectAt };
  });
}

async function requireAppointable(tx: Tx, organizationId: string, membershipId: string) {
  await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`;
  const membership = await tx.membership.findFirst({
    where: { id: membershipId, organizationId, endedAt: null, user: { erasedAt: null } },
    select: {
      roles: true,
      user: { select: { id: true, name: true, email: true } },
      organization: { select: { displayName: true } },
    },
  });
  if (!membership) throw new Refusal("not-found", "There is no such person in the organization.");
  if (membership.roles.includes("admin")) throw new Refusal("conflict", "This person is an admin already.");
  if ((await tx.adminAppointment.count({ where: { organizationId, outcome: null } })) > 0) {
    throw new Refusal("conflict", "An appointment waits for its day; stop it first.");
  }
  return membership;
}
