import type { Context } from "#lib/data/context.ts";
import { type DomainDoors, domainDoors } from "#lib/data/domain-proof.ts";
import { lookForKey } from "#lib/data/key-proof.ts";

/** How often a key that a domain names is looked for again. */
export const keyRecheckMs = 24 * 60 * 60 * 1000;

/** Keys that one round looks for. */
export const keysPerRound = 20;

/**
 * Looks again for live keys that a domain named, a day after the last look, a few at a time, and says how many there were. That a
 * record has vanished is shown with the key; the binding stays, since what was seen was seen.
 */
export async function recheckSigningKeys(
  ctx: Pick<Context, "db" | "now" | "site">,
  doors: DomainDoors = domainDoors(ctx.site),
): Promise<number> {
  const before = new Date(ctx.now.getTime() - keyRecheckMs);
  const due = await ctx.db.signingKey.findMany({
    where: {
      boundBy: { in: ["dns", "well-known"] },
      revokedAt: null,
      OR: [{ bindingCheckedAt: null }, { bindingCheckedAt: { lt: before } }],
    },
    orderBy: { bindingCheckedAt: { sort: "asc", nulls: "first" } },
    take: keysPerRound,
    select: { id: true, organizationId: true, spkiSha256: true },
  });
  for (const key of due) {
    const answer = await lookForKey(ctx, key, doors);
    if (answer) continue;
    await ctx.db.signingKey.update({
      where: { id: key.id },
      data: { bindingCheckedAt: ctx.now, bindingProblem: "The organization has no confirmed domain any more." },
    });
  }
  return due.length;
}
