import { lapseAppointment } from "#lib/data/admin-appointment.ts";
import type { Context } from "#lib/data/context.ts";
import { eraseTraces } from "#lib/data/erasure.ts";
import { rememberErasure } from "#lib/data/erasure-list.ts";
import { requireAdminLeft } from "#lib/data/memberships.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { revokeKeysOf } from "#lib/data/signing-keys.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Person } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * Erases the person who asks: name, address and the salts of their commitments go from every table, sessions and unread mail
 * with them, and the list of erasures outside the database keeps it so after a restore. Acts stay as they are, since
 * organizations did them and none of them names a person. `typedEmail` is the own address, typed once more.
 *
 * @throws {Refusal} not-signed-in; malformed when the address differs; conflict for the last admin or the last operator.
 */
export async function erasePerson(ctx: Context, typedEmail: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  if (typedEmail.trim().toLowerCase() !== person.email) {
    throw new Refusal("malformed", "Type your own mail address to confirm.");
  }
  await transaction(ctx.db, async (tx) => {
    await requireOperatorLeft(tx, person);
    await eraseTraces(tx, person, ctx.now);
    for (const { organizationId } of person.memberships) {
      // Whoever was alone leaves nobody behind; the operator can hand the organization on.
      const others = await tx.membership.count({ where: { organizationId, endedAt: null } });
      if (others > 0) await requireAdminLeft(tx, organizationId);
      await lapseAppointment(tx, { organizationId, userId: person.userId }, ctx.now);
    }
    await announceRightsChange(tx, { userId: person.userId });
    await revokeKeysOf(tx, person.userId, ctx.now);
    // Last, when nothing can refuse any more: what stands on the list is erased at the next start.
    if (ctx.site.erasureList !== undefined) await rememberErasure(ctx.site.erasureList, person.userId, ctx.now);
  });
}

async function requireOperatorLeft(tx: Tx, person: Person): Promise<void> {
  if (!person.isOperator) return;
  const others = await tx.user.count({ where: { isOperator: true, erasedAt: null, id: { not: person.userId } } });
  if (others === 0) throw new Refusal("conflict", "You are the only operator. Make another one first.");
}
