import type { Context } from "./context.ts";
import { askDomain, type DomainAnswer, type DomainDoors } from "./domain-proof.ts";
import { isUniqueViolation } from "./store.ts";

/** A claim as far as its check is concerned. */
export type CheckedClaim = {
  readonly id: string;
  readonly domain: string;
  readonly organizationId: string;
  readonly confirmedAt: Date | null;
};

/**
 * Asks the domain about a claim and writes down what it said. A good answer confirms it; another organization that
 * holds the domain keeps it, since a domain may change hands and an organization may not.
 */
export async function recordDomainCheck(
  ctx: Pick<Context, "db" | "now">,
  claim: CheckedClaim,
  doors: DomainDoors,
): Promise<DomainAnswer> {
  const answer = await askDomain(doors, claim.domain, claim.organizationId);
  const { now } = ctx;
  if (answer.state !== "good") {
    await ctx.db.domainClaim.update({
      where: { id: claim.id },
      data: { lastCheckedAt: now, lastProblem: answer.problem },
    });
    return answer;
  }
  try {
    await ctx.db.domainClaim.update({
      where: { id: claim.id },
      data: {
        lastCheckedAt: now,
        lastGoodAt: now,
        lastProblem: null,
        confirmedAt: claim.confirmedAt ?? now,
        foundBy: answer.sight.foundBy,
      },
    });
    return answer;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const problem =
      "Another organization has confirmed this domain. If it changed hands, ask the operator for a review.";
    await ctx.db.domainClaim.update({ where: { id: claim.id }, data: { lastCheckedAt: now, lastProblem: problem } });
    return { state: "bad", problem };
  }
}
