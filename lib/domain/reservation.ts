import { z } from "zod";
import type { NumberedClause } from "./charter-text.ts";
import { ClauseId } from "./ids.ts";
import type { CharterPolicy } from "./policy.ts";
import { Refusal } from "./refusal.ts";

/** What an organization does not accept of one clause, in its own words. Source: VCLT 2(1)(d). */
export const Reservation = z.strictObject({ clauseId: ClauseId, text: z.string().min(1).max(2_000) });
export type Reservation = z.infer<typeof Reservation>;

/** How many clauses one signature can reserve; with more, an entry of the log might not hold their hashes. */
export const reservationsMax = 16;

export const Reservations = z.array(Reservation).max(reservationsMax);

/** In the order in which statements and the log list them: by clause id. */
export function orderedReservations(reservations: readonly Reservation[]): Reservation[] {
  return [...reservations].sort((left, right) => (left.clauseId < right.clauseId ? -1 : 1));
}

/** The clauses of a text that may be reserved under a policy. A preamble commits to nothing, so nothing of it can be. */
export function reservableClauses<C extends Pick<NumberedClause, "id" | "kind">>(
  policy: CharterPolicy,
  clauses: readonly C[],
): C[] {
  if (policy.reservationPolicy === "none") return [];
  const operative = clauses.filter((clause) => clause.kind !== "preamble");
  if (policy.reservationPolicy === "any-clause") return operative;
  const listed = new Set(policy.reservationClauses ?? []);
  return operative.filter((clause) => listed.has(clause.id));
}

/**
 * Lets only reservations pass that the charter's policy allows on this text.
 *
 * @throws {Refusal} malformed, not-permitted; one sentence that names the clause.
 */
export function requireReservable(
  policy: CharterPolicy,
  clauses: readonly NumberedClause[],
  reservations: readonly Reservation[],
): void {
  if (reservations.length === 0) return;
  if (policy.reservationPolicy === "none") {
    throw new Refusal(
      "not-permitted",
      "This charter is signed whole: its policy allows no reservations. A declaration says how you understand it.",
    );
  }
  const reservable = new Set(reservableClauses(policy, clauses).map((clause) => clause.id));
  const seen = new Set<string>();
  for (const { clauseId } of reservations) {
    const clause = clauses.find((one) => one.id === clauseId);
    if (!clause) throw new Refusal("malformed", "A reservation names a clause that this text does not have.");
    if (seen.has(clauseId)) throw new Refusal("malformed", `There are two reservations to ${nameOf(clause)}.`);
    seen.add(clauseId);
    if (reservable.has(clauseId)) continue;
    throw new Refusal(
      "not-permitted",
      clause.kind === "preamble"
        ? "The preamble commits nobody, so there is nothing in it to reserve."
        : `The policy of this charter allows no reservation to ${nameOf(clause)}; it lists the clauses that may be reserved.`,
    );
  }
}

/**
 * Lets only a narrowing pass: fewer clauses, or of one clause's words only some of its sentences, in their order. What is
 * left must differ from what stands.
 *
 * @throws {Refusal} not-permitted with the reason when it would widen; conflict when nothing would change.
 */
export function requireNarrower(standing: readonly Reservation[], wanted: readonly Reservation[]): void {
  if (standing.length === 0) throw new Refusal("conflict", "This signature has no reservation that could be narrowed.");
  const seen = new Set<string>();
  let isSame = standing.length === wanted.length;
  for (const { clauseId, text } of wanted) {
    const before = standing.find((one) => one.clauseId === clauseId);
    if (!before || seen.has(clauseId)) {
      throw new Refusal(
        "not-permitted",
        "A reservation is made when signing: a clause that was accepted then cannot be reserved afterwards.",
      );
    }
    seen.add(clauseId);
    if (before.text === text) continue;
    isSame = false;
    if (!isPartOf(sentencesOf(text), sentencesOf(before.text))) {
      throw new Refusal(
        "not-permitted",
        "New words could reserve more than the old ones: to narrow a reservation, leave out sentences of it, or the whole.",
      );
    }
  }
  if (isSame) throw new Refusal("conflict", "These are the reservations that stand already; nothing would change.");
}

/** "clause 2.1", "annex A"; the number is empty for a preamble alone. */
function nameOf(clause: Pick<NumberedClause, "kind" | "number">): string {
  return clause.number === "" ? "the preamble" : `${clause.kind === "annex" ? "annex" : "clause"} ${clause.number}`;
}

function sentencesOf(text: string): string[] {
  return [...sentences.segment(text)].map(({ segment }) => segment.trim()).filter((one) => one !== "");
}

const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Whether all of `some` stand in `all`, in the same order. */
function isPartOf(some: readonly string[], all: readonly string[]): boolean {
  let from = 0;
  for (const one of some) {
    const at = all.indexOf(one, from);
    if (at === -1) return false;
    from = at + 1;
  }
  return some.length > 0;
}
