import type { Context } from "#lib/data/context.ts";
import { countryCodes } from "#lib/data/countries.ts";
import { findLookAlikes } from "#lib/data/look-alikes.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { lockRenamed, publishRename } from "#lib/data/rename-acts.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { nameSkeleton } from "#lib/domain/organization-name.ts";
import { type ProfileInput, parseProfile } from "#lib/domain/organization-profile.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

/**
 * Changes the profile. A new name closes the former one with its date; what was signed keeps the name it was signed under, and every
 * charter it signed gets a numbered notification. A name that looks like that of an older organization is refused.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed, conflict.
 */
export async function editOrganization(ctx: Context, organizationId: string, input: ProfileInput): Promise<void> {
  const person = requireForOrganization(ctx.actor, "edit-profile", organizationId);
  const profile = parseProfile(input, countryCodes);
  await transaction(ctx.db, async (tx) => {
    const former = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { legalName: true, displayName: true, createdAt: true, slug: true },
    });
    const isRenamed = former.legalName !== profile.legalName || former.displayName !== profile.displayName;
    const signatures = isRenamed ? await lockRenamed(tx, organizationId) : [];
    if (isRenamed) {
      const alike = await findLookAlikes(tx, profile, { organizationId, before: former.createdAt });
      if (alike[0])
        throw new Refusal("conflict", `This name looks like that of “${alike[0].displayName}”. Ask the operator.`);
      await tx.organizationName.updateMany({ where: { organizationId, to: null }, data: { to: ctx.now } });
      const { legalName, displayName } = profile;
      await tx.organizationName.create({ data: { organizationId, legalName, displayName, from: ctx.now } });
    }
    await tx.organization.update({
      where: { id: organizationId },
      data: { ...profile, nameSkeleton: nameSkeleton(profile.legalName) },
    });
    if (isRenamed) {
      const { userId } = person;
      await publishRename(tx, { organizationId, formerName: former.legalName, signatures, userId, now: ctx.now });
    }
    if (former.slug) {
      await bumpRevisions(tx, [
        "directory",
        `organization:${organizationId}`,
        ...(await chartersThatName(tx, organizationId)).map((id) => `charter:${id}` as const),
      ]);
    }
  });
}

/** The public charters on whose pages the organization stands, as convenor or on a list. */
async function chartersThatName(tx: Tx, organizationId: string): Promise<string[]> {
  const charters = await tx.charter.findMany({
    where: {
      visibility: "PUBLIC",
      OR: [
        { convenorOrganizationId: organizationId },
        { acts: { some: { organizationId, publication: { isNot: null } } } },
      ],
    },
    select: { id: true },
  });
  return charters.map((one) => one.id);
}
