import type { Context } from "#lib/data/context.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/**
 * From now on the person acts for this organization, wherever several of theirs could be meant.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function actForOrganization(ctx: Context, organizationId: string): Promise<void> {
  const person = requirePerson(ctx.actor);
  if (!membershipIn(person, organizationId)) throw new Refusal("not-found", "There is no such organization.");
  await ctx.db.user.update({ where: { id: person.userId }, data: { currentOrganizationId: organizationId } });
}
