import type { Context } from "#lib/data/context.ts";
import { countryCodes } from "#lib/data/countries.ts";
import { findLookAlikes } from "#lib/data/look-alikes.ts";
import { transaction } from "#lib/data/store.ts";
import { nameSkeleton } from "#lib/domain/organization-name.ts";
import { type ProfileInput, parseProfile } from "#lib/domain/organization-profile.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";

/** Organizations one person may make in a day; more is a slip or a flood. */
const perDayMax = 5;

/**
 * Makes an organization with the person as its first admin. Where the name looks like that of another, it is only made after
 * the person said that it is another one, and then the operator has to review evidence before it can be verified.
 *
 * @throws {Refusal} not-signed-in, malformed, conflict (with the names it looks like), too-many.
 */
export async function createOrganization(
  ctx: Context,
  input: ProfileInput & { isAnother: boolean },
): Promise<{ organizationId: string }> {
  const person = requireOnInstallation(ctx.actor, "create-organization");
  const { isAnother, ...given } = input;
  const profile = parseProfile(given, countryCodes);
  return transaction(ctx.db, async (tx) => {
    const since = new Date(ctx.now.getTime() - 24 * 60 * 60 * 1000);
    const made = await tx.organization.count({ where: { createdBy: person.userId, createdAt: { gt: since } } });
    if (made >= perDayMax) throw new Refusal("too-many", "You made several organizations today. Go on tomorrow.");
    const alike = await findLookAlikes(tx, profile);
    if (alike.length > 0 && !isAnother)
      throw new Refusal("conflict", lookAlikeSentence(alike.map((one) => one.displayName)));
    const organization = await tx.organization.create({
      data: {
        ...profile,
        nameSkeleton: nameSkeleton(profile.legalName),
        createdAt: ctx.now,
        createdBy: person.userId,
        names: { create: { legalName: profile.legalName, displayName: profile.displayName, from: ctx.now } },
        memberships: {
          create: { userId: person.userId, roles: ["admin", "representative", "drafter"], from: ctx.now },
        },
      },
      select: { id: true },
    });
    await tx.user.update({ where: { id: person.userId }, data: { currentOrganizationId: organization.id } });
    return { organizationId: organization.id };
  });
}

/** Why a name has to be looked at twice. */
export function lookAlikeSentence(names: readonly string[]): string {
  return `The name looks like that of ${names.map((one) => `“${one}”`).join(", ")}. If that is yours, ask to join it; if yours is another one, tick the box and send again.`;
}
