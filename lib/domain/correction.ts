import { z } from "zod";
import type { CharterText, Clause } from "./charter-text.ts";
import { ClauseId, RowId } from "./ids.ts";
import { type CharterPolicy, correctionDays } from "./policy.ts";
import { Refusal } from "./refusal.ts";
import type { CharterSeats } from "./rights.ts";

/** One manifest error: in one clause, the words that are wrong, and those that belong there. */
export const Replacement = z.strictObject({
  clauseId: ClauseId,
  wrong: z.string().min(1).max(2_000),
  right: z.string().max(2_000),
});
export type Replacement = z.infer<typeof Replacement>;

/** A correction as it is proposed. */
export const ProposeCorrection = z.strictObject({
  versionId: RowId,
  replacements: z.array(Replacement).min(1).max(20),
  reason: z.string(),
});
export type ProposeCorrection = z.infer<typeof ProposeCorrection>;

/** When the window for objections closes. */
export function objectionsEnd(policy: CharterPolicy, proposedAt: Date): Date {
  return new Date(proposedAt.getTime() + correctionDays(policy) * 86_400_000);
}

/**
 * Whether an organization may take a proposal back: the one that made it; and, once that one keeps the charter no more, those that
 * keep it now, so that nobody has to wait for a mistake to be published.
 */
export function mayTakeBack(
  seats: Pick<CharterSeats, "convenorOrganizationId" | "depositaryOrganizationId">,
  { proposerId, organizationId }: { readonly proposerId: string | null; readonly organizationId: string },
): boolean {
  const keepers = [seats.convenorOrganizationId, seats.depositaryOrganizationId];
  return proposerId === organizationId || proposerId === null || !keepers.includes(proposerId);
}

/**
 * The text with its errors replaced; clauses, their order and their kinds stay. What is wrong must stand exactly once in its clause, so
 * that nobody has to guess which place is meant.
 *
 * @throws {Refusal} malformed; the sentence names the clause.
 */
export function correctedText(text: CharterText, replacements: readonly Replacement[]): CharterText {
  let clauses = [...text.clauses];
  for (const replacement of replacements) {
    if (!clauses.some((clause) => clause.id === replacement.clauseId)) {
      throw new Refusal("malformed", "This text has no such clause.");
    }
    clauses = clauses.map((clause) => (clause.id === replacement.clauseId ? replaced(clause, replacement) : clause));
  }
  return { ...text, clauses };
}

function replaced<C extends Clause>(clause: C, { wrong, right }: Replacement): C {
  if (wrong === right) throw new Refusal("malformed", "These are the same words; a correction changes something.");
  const places = [clause.heading, ...clause.body.map((block) => block.text)];
  const found = places.reduce((count, place) => count + place.split(wrong).length - 1, 0);
  if (found !== 1) {
    throw new Refusal(
      "malformed",
      found === 0
        ? "The clause does not have these words; copy them from it."
        : "The clause has these words more than once; take in more of what stands around them.",
    );
  }
  // A function, because "$&" in the words would mean something to `replace`.
  const put = (place: string): string => place.replace(wrong, () => right);
  return {
    ...clause,
    heading: put(clause.heading),
    body: clause.body.map((block) => ({ ...block, text: put(block.text) })),
  };
}
