import { calledBy, tellOfAdmin } from "#lib/data/admin-appointment.ts";
import type { Context } from "#lib/data/context.ts";
import { transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, mayOnInstallation, requireForOrganization, requirePerson } from "#lib/domain/rights.ts";

/**
 * Stops an admin whom the operator named before the day has come: by an admin of the organization, who is there after all, or by an
 * operator.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; conflict when it took effect or was stopped.
 */
export async function stopAppointment(ctx: Context, appointmentId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  await transaction(ctx.db, async (tx) => {
    const found = RowId.safeParse(appointmentId).success
      ? await tx.adminAppointment.findUnique({ where: { id: appointmentId } })
      : null;
    if (!found) throw noAppointment();
    const { organizationId, userId } = found;
    // Whoever is both speaks for the organization.
    const isOperator =
      !mayForOrganization(person, "manage-people", organizationId) && mayOnInstallation(person, "appoint-admin");
    if (!isOperator) {
      if (!membershipIn(person, organizationId)) throw noAppointment();
      requireForOrganization(person, "manage-people", organizationId);
    }
    const { count } = await tx.adminAppointment.updateMany({
      where: { id: appointmentId, outcome: null },
      data: { outcome: "stopped", decidedBy: person.userId, decidedAt: ctx.now },
    });
    if (count === 0) throw new Refusal("conflict", "It took effect or was stopped already.");
    if (isOperator) {
      const reason = "Before its day had come.";
      await tx.operatorAction.create({
        data: { userId: person.userId, kind: "stop-appointment", subject: organizationId, reason, at: ctx.now },
      });
    }
    const [user, organization] = [
      await tx.user.findUniqueOrThrow({ where: { id: userId }, select: { name: true, email: true } }),
      await tx.organization.findUniqueOrThrow({ where: { id: organizationId }, select: { displayName: true } }),
    ];
    await tellOfAdmin(tx, organizationId, {
      kind: "admin-appointment-over",
      subject: `${organization.displayName} gets no other admin`,
      from: isOperator ? "The operator of this installation stopped it." : "An admin of the organization stopped it.",
      inside: [`${calledBy(user)} does not become an admin. All roles stay as they are.`],
      outside: [`The appointment of another admin of ${organization.displayName} was stopped.`],
    });
  });
}

function noAppointment(): Refusal {
  return new Refusal("not-found", "There is no such appointment.");
}
