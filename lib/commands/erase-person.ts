import type { Context } from "#lib/data/context.ts";
import { requireAdminLeft } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Erases the person who asks: name, address and the salts of their commitments go from every table, sessions and unread mail
 * with them. Acts stay as they are, since organizations did them and none of them names a person. `typedEmail` is the own
 * address, typed once more.
 *
 * @throws {Refusal} not-signed-in; malformed when the address differs; conflict for the last admin or the last operator.
 */
export async function erasePerson(ctx: Context, typedEmail: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  if (typedEmail.trim().toLowerCase() !== person.email) {
    throw new Refusal("malformed", "Type your own mail address to confirm.");
  }
  await transaction(ctx.db, async (tx) => {
    await leaveOrganizations(tx, person, ctx.now);
    await requireOperatorLeft(tx, person);
    await forgetMail(tx, person);
    await forgetTraces(tx, person.userId, ctx.now);
    await tx.user.update({
      where: { id: person.userId },
      data: {
        name: null,
        email: erasedAddress(person),
        emailVerified: null,
        image: null,
        isOperator: false,
        currentOrganizationId: null,
        erasedAt: ctx.now,
      },
    });
    await announceRightsChange(tx, { userId: person.userId });
  });
}

async function leaveOrganizations(tx: Tx, { userId, memberships }: Person, now: Date): Promise<void> {
  await tx.membership.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
  await tx.membership.updateMany({ where: { userId }, data: { title: null } });
  await tx.signingMandate.updateMany({ where: { userId, endedAt: null }, data: { endedAt: now } });
  await tx.signingMandate.updateMany({ where: { userId }, data: { evidenceNote: "" } });
  await tx.signingKey.updateMany({ where: { userId, revokedAt: null }, data: { revokedAt: now } });
  await tx.signingKey.updateMany({ where: { userId }, data: { label: "" } });
  for (const { organizationId } of memberships) {
    // Whoever was alone leaves nobody behind; the operator can hand the organization on.
    const others = await tx.membership.count({ where: { organizationId, endedAt: null } });
    if (others > 0) await requireAdminLeft(tx, organizationId);
  }
}

async function requireOperatorLeft(tx: Tx, person: Person): Promise<void> {
  if (!person.isOperator) return;
  const others = await tx.user.count({ where: { isOperator: true, erasedAt: null, id: { not: person.userId } } });
  if (others === 0) throw new Refusal("conflict", "You are the only operator. Make another one first.");
}

async function forgetMail(tx: Tx, person: Person): Promise<void> {
  const { email } = person;
  const erased = erasedAddress(person);
  await tx.outbox.deleteMany({ where: { to: email } });
  await tx.developmentMail.deleteMany({ where: { to: { contains: email } } });
  await tx.signInChallenge.deleteMany({ where: { email } });
  await tx.verificationToken.deleteMany({ where: { identifier: email } });
  await tx.membershipInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.charterInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.signingInvitation.deleteMany({
    where: { email, state: { in: ["SENT", "OPENED", "IN_REVIEW", "NOT_NOW"] } },
  });
  await tx.signingInvitation.updateMany({ where: { email }, data: { email: erased } });
  await tx.errorReport.updateMany({ where: { email }, data: { email: null } });
}

async function forgetTraces(tx: Tx, userId: string, now: Date): Promise<void> {
  const acts = await tx.act.findMany({ where: { userId }, select: { id: true } });
  await tx.officerIdentity.updateMany({
    where: { actId: { in: acts.map((act) => act.id) } },
    data: { name: null, email: null, salt: null, erasedAt: now },
  });
  await tx.preparedStatement.deleteMany({ where: { userId } });
  await tx.webauthnChallenge.deleteMany({ where: { userId } });
  await tx.privateDraft.deleteMany({ where: { userId } });
  await tx.lastLooked.deleteMany({ where: { userId } });
  await tx.account.deleteMany({ where: { userId } });
  await tx.session.deleteMany({ where: { userId } });
}

function erasedAddress(person: Person): string {
  return `erased-${person.userId}@erased.invalid`;
}
