/** How long the last good answer of a domain counts. */
export const domainGoodMs = 7 * 24 * 60 * 60 * 1000;

/** What the verification of an organization is judged from. */
export type VerificationFacts = {
  readonly suspendedAt: Date | null;
  readonly domains: readonly {
    readonly domain: string;
    readonly confirmedAt: Date | null;
    readonly lastGoodAt: Date | null;
    readonly releasedAt: Date | null;
  }[];
  readonly reviews: readonly { readonly outcome: string | null; readonly reviewedAt: Date | null }[];
};

/** By what an organization is verified, or why it is not. */
export type Verification =
  | { readonly state: "verified"; readonly by: "domain"; readonly domain: string; readonly lastGoodAt: Date }
  | { readonly state: "verified"; readonly by: "evidence"; readonly reviewedAt: Date }
  | { readonly state: "lapsed"; readonly domain: string; readonly lastGoodAt: Date }
  | { readonly state: "suspended" }
  | { readonly state: "unverified" };

/**
 * How an organization stands: by a confirmed domain whose last good answer is at most seven days old, or by the operator's
 * review of evidence. A suspended organization is not verified by anything. Old acts do not depend on this; new ones do.
 */
export function verificationOf(facts: VerificationFacts, now: Date): Verification {
  if (facts.suspendedAt !== null) return { state: "suspended" };
  const owned = facts.domains
    .filter((one) => one.confirmedAt !== null && one.releasedAt === null)
    .flatMap((one) => (one.lastGoodAt ? [{ domain: one.domain, lastGoodAt: one.lastGoodAt }] : []))
    .sort((one, other) => other.lastGoodAt.getTime() - one.lastGoodAt.getTime());
  const latest = owned[0];
  if (latest && now.getTime() - latest.lastGoodAt.getTime() <= domainGoodMs) {
    return { state: "verified", by: "domain", ...latest };
  }
  const review = lastDecision(facts.reviews);
  if (review?.outcome === "verified") return { state: "verified", by: "evidence", reviewedAt: review.reviewedAt };
  return latest ? { state: "lapsed", ...latest } : { state: "unverified" };
}

/** Whether an organization may act now, as far as its identity is concerned. */
export function isVerified(facts: VerificationFacts, now: Date): boolean {
  return verificationOf(facts, now).state === "verified";
}

/** The latest word on who it is; that a change was refused says nothing of what it is called now. */
function lastDecision(reviews: VerificationFacts["reviews"]): { outcome: string; reviewedAt: Date } | undefined {
  return reviews
    .filter((one) => one.outcome !== "change-refused")
    .flatMap((one) => (one.outcome && one.reviewedAt ? [{ outcome: one.outcome, reviewedAt: one.reviewedAt }] : []))
    .sort((one, other) => other.reviewedAt.getTime() - one.reviewedAt.getTime())[0];
}
