import { bumpProfile, changeIdentity, isIdentitySettled } from "#lib/data/change-identity.ts";
import type { Context } from "#lib/data/context.ts";
import { countryCodes } from "#lib/data/countries.ts";
import { findLookAlikes } from "#lib/data/look-alikes.ts";
import { transaction } from "#lib/data/store.ts";
import { isSameIdentity } from "#lib/domain/organization-identity.ts";
import { type ProfileInput, parseProfile } from "#lib/domain/organization-profile.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Changes the profile. Names, country and class change here only until somebody relied on them; afterwards the operator
 * changes them on evidence (`askForReview`), because what was verified must not become another organization under its
 * verification. A name that looks like that of another organization is refused.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict.
 */
export async function editOrganization(ctx: Context, organizationId: string, input: ProfileInput): Promise<void> {
  const person = requireForOrganization(ctx.actor, "edit-profile", organizationId);
  const profile = parseProfile(input, countryCodes);
  await transaction(ctx.db, async (tx) => {
    // A first signature and a decision of the operator hold the row as well: whether anybody relies on the name is asked after them.
    await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`;
    const former = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { legalName: true, displayName: true, country: true, class: true },
    });
    const { sector, website } = profile;
    await tx.organization.update({ where: { id: organizationId }, data: { sector, website } });
    if (!isSameIdentity(former, profile)) {
      if (await isIdentitySettled(tx, organizationId)) {
        throw new Refusal(
          "conflict",
          "Its names, its country and what it is were verified or have signed: ask for a review with the new ones, and they change when the operator has verified them.",
        );
      }
      const alike = await findLookAlikes(tx, profile, { organizationId });
      if (alike[0] && (former.legalName !== profile.legalName || former.displayName !== profile.displayName)) {
        throw new Refusal(
          "conflict",
          `This name looks like that of “${alike[0].displayName}”. If it is yours, ask for a review with the new name.`,
        );
      }
      const { userId } = person;
      // It has signed nothing, or its identity would be settled.
      await changeIdentity(tx, { organizationId, to: profile, signatures: [], userId, now: ctx.now });
    }
    await bumpProfile(tx, organizationId);
  });
}
