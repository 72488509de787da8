import type { Context } from "#lib/data/context.ts";
import { recordDomainCheck } from "#lib/data/domain-check.ts";
import { type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";

/** How often a confirmed domain is looked at again. */
export const domainRecheckMs = 24 * 60 * 60 * 1000;

/**
 * Looks again at confirmed domains whose last look is a day old, a few at a time, and says how many there were. The domains of
 * the demo world are invented and count as good.
 */
export async function recheckDomains(
  ctx: Pick<Context, "db" | "now" | "site">,
  doors: DomainDoors = domainDoors(ctx.site),
): Promise<number> {
  const before = new Date(ctx.now.getTime() - domainRecheckMs);
  if (ctx.site.isDemo) {
    await ctx.db.domainClaim.updateMany({
      where: {
        organization: { isDemo: true },
        confirmedAt: { not: null },
        releasedAt: null,
        lastCheckedAt: { lt: before },
      },
      data: { lastCheckedAt: ctx.now, lastGoodAt: ctx.now },
    });
  }
  const due = await ctx.db.domainClaim.findMany({
    where: {
      confirmedAt: { not: null },
      releasedAt: null,
      OR: [{ lastCheckedAt: null }, { lastCheckedAt: { lt: before } }],
    },
    orderBy: { lastCheckedAt: { sort: "asc", nulls: "first" } },
    take: 20,
    select: { id: true, domain: true, organizationId: true, confirmedAt: true },
  });
  await Promise.all(due.map((claim) => recordDomainCheck(ctx, claim, doors)));
  return due.length;
}
