import type { Context } from "#lib/data/context.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/** An organization one may ask to join. */
export type FoundOrganization = {
  readonly id: string;
  readonly legalName: string;
  readonly displayName: string;
  readonly country: string;
  readonly hasAsked: boolean;
  readonly isMine: boolean;
};

/**
 * Organizations by a part of their name, at most ten: so that a newcomer joins the one that exists.
 *
 * @throws {Refusal} not-signed-in.
 */
export async function findOrganizations(ctx: Context, text: string): Promise<FoundOrganization[]> {
  const person = requirePerson(ctx.actor);
  const part = text.normalize("NFC").trim().slice(0, 100);
  if (part.length < 2) return [];
  const contains = { contains: part.replace(/[%_\\]/g, "\\$&"), mode: "insensitive" } as const;
  const rows = await ctx.db.organization.findMany({
    where: { suspendedAt: null, OR: [{ legalName: contains }, { displayName: contains }] },
    orderBy: { displayName: "asc" },
    take: 10,
    select: {
      id: true,
      legalName: true,
      displayName: true,
      country: true,
      memberInvitations: {
        where: { kind: "request", requestedBy: person.userId, answeredAt: null, expiresAt: { gt: ctx.now } },
        select: { id: true },
      },
    },
  });
  return rows.map(({ memberInvitations, country, ...row }) => ({
    ...row,
    country: countryName(country),
    hasAsked: memberInvitations.length > 0,
    isMine: person.memberships.some((one) => one.organizationId === row.id),
  }));
}
