/** When a mandate counts. `to` is the first instant at which it no longer does; null is until further notice. */
export type MandateTerm = { readonly from: Date; readonly to: Date | null; readonly endedAt: Date | null };

/** Where a mandate stands. */
export type MandateState = "not-begun" | "live" | "run-out" | "ended";

/** Where a mandate stands at an instant; ended by an admin counts before everything else. */
export function mandateState(term: MandateTerm, now: Date): MandateState {
  if (term.endedAt !== null && term.endedAt <= now) return "ended";
  if (term.to !== null && term.to <= now) return "run-out";
  return term.from <= now ? "live" : "not-begun";
}

/** The mandate that counts at an instant, the latest granted first; undefined when none does. */
export function liveMandate<M extends MandateTerm & { readonly grantedAt: Date }>(
  mandates: readonly M[],
  now: Date,
): M | undefined {
  return mandates
    .filter((one) => mandateState(one, now) === "live")
    .sort((one, other) => other.grantedAt.getTime() - one.grantedAt.getTime())[0];
}
