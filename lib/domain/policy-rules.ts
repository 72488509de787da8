import { type CharterPolicy, policySentences } from "./policy.ts";
import { Refusal } from "./refusal.ts";

/** What a policy is judged against beside itself: the template it began with, and the day it is fixed (ISO, UTC). */
export type PolicyFrame = { readonly template: string; readonly today: string };

/** The values of a policy that contradict each other or the kind of charter, one plain sentence each. */
export function policyConflicts(policy: CharterPolicy, frame: PolicyFrame): string[] {
  const conflicts: string[] = [];
  const shape = closedShapes[frame.template];
  if (shape && policy.joinPolicy !== "closed") {
    conflicts.push(`${shape}: it cannot be open for later signature.`);
  }
  if (frame.template === "confidential-partnership" && policy.joinPolicy === "open") {
    conflicts.push("A confidential partnership is not announced: only invited organizations can sign it.");
  }
  if (frame.template === "confidential-partnership" && policy.visibility !== "private") {
    conflicts.push("A confidential partnership keeps its drafts to the organizations at the table.");
  }
  if (policy.entryRule.kind === "at-date" && policy.entryRule.date <= frame.today) {
    conflicts.push("The date on which the charter takes effect lies in the past.");
  }
  if (policy.joinPolicy === "closed" && policy.entryRule.kind === "at-threshold" && policy.entryRule.count > 50) {
    conflicts.push("A closed list will not reach so high a threshold; lower the number or let others join.");
  }
  return conflicts;
}

/**
 * Lets only a policy pass that agrees with itself and that Concordat carries.
 *
 * @throws {Refusal} conflict or not-available, with the sentences that say why.
 */
export function requirePolicy(policy: CharterPolicy, frame: PolicyFrame): void {
  const conflicts = policyConflicts(policy, frame);
  if (conflicts.length > 0) throw new Refusal("conflict", conflicts.join(" "));
  const missing = policySentences(policy).filter((one) => !one.available);
  if (missing.length === 0) return;
  throw new Refusal(
    "not-available",
    `Not available yet: ${missing.map((one) => `${one.title} (“${one.sentence}”)`).join(" ")}`,
  );
}

/** What keeps a policy from being fixed though it may be kept while it is set up; null when nothing does. */
export function unfinishedPolicy({ reservationPolicy, reservationClauses = [] }: CharterPolicy): string | null {
  return reservationPolicy === "listed-clauses" && reservationClauses.length === 0
    ? "Reservations are allowed to listed clauses, and none is listed: choose the clauses, or another rule."
    : null;
}

const closedShapes: Readonly<Record<string, string>> = {
  "joint-statement": "A joint statement has a closed list of issuers",
  "bilateral-understanding": "A bilateral understanding has two sides",
};
