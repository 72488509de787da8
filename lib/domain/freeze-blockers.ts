import type { CharterText } from "./charter-text.ts";
import { numbered } from "./charter-text.ts";

/** What stands in the way of freezing, or should be known before it. `clauseId` is where it stands, when it stands somewhere. */
export type FreezeFinding = {
  readonly kind: "empty" | "objection" | "reference" | "character" | "empty-clause" | "threads" | "stale";
  /** A blocker has to be settled first; a warning is shown and may be passed over. */
  readonly weight: "blocker" | "warning";
  readonly sentence: string;
  readonly clauseId: string | null;
};

/** What the findings are made from. */
export type FreezeQuestion = {
  readonly text: CharterText;
  readonly textSha256Hex: string | null;
  readonly undefinedReferences: readonly { readonly clauseId: string }[];
  /** Characters that may not be signed, one sentence each. */
  readonly characterProblems: readonly { readonly sentence: string; readonly clauseId: string | null }[];
  readonly openThreads: number;
  readonly positions: readonly { readonly name: string; readonly value: string; readonly textSha256Hex: string }[];
};

/**
 * Everything a convenor should know before a text is frozen, blockers first. An objection blocks as long as the text is
 * still the one objected to; once the text has changed, the organization is asked again on the new candidate.
 */
export function freezeFindings(question: FreezeQuestion): FreezeFinding[] {
  const clauses = numbered(question.text.clauses);
  const label = (clauseId: string) => {
    const clause = clauses.find((one) => one.id === clauseId);
    return clause?.number ? `Clause ${clause.number}` : clause?.heading || "A clause";
  };
  const hasWords = clauses.some((clause) => clause.heading !== "" || clause.body.length > 0);
  const blockers: FreezeFinding[] = [];
  if (question.text.title.trim() === "") blockers.push(finding("empty", "blocker", "The text has no title."));
  if (!hasWords) blockers.push(finding("empty", "blocker", "The text has no clause with words in it."));
  for (const { clauseId } of question.undefinedReferences) {
    blockers.push(
      finding("reference", "blocker", `${label(clauseId)} refers to a clause that is not there.`, clauseId),
    );
  }
  for (const { sentence, clauseId } of question.characterProblems) {
    blockers.push(finding("character", "blocker", sentence, clauseId));
  }
  const warnings: FreezeFinding[] = [];
  for (const position of question.positions) {
    const isSameText = position.textSha256Hex === question.textSha256Hex;
    if (position.value === "OBJECT" && isSameText) {
      const sentence = `${position.name} objects to exactly this text; change it, or ask for another position.`;
      blockers.push(finding("objection", "blocker", sentence));
    } else if (!isSameText) {
      const sentence = `${position.name} took its position on an earlier text and has to be asked again.`;
      warnings.push(finding("stale", "warning", sentence));
    }
  }
  for (const [at, clause] of clauses.entries()) {
    if (clause.heading !== "" || clause.body.length > 0) continue;
    // An annex is named by its letter; its words may all stand in the clauses below it.
    if (clause.kind === "annex" && (clauses[at + 1]?.level ?? 0) > 0) continue;
    warnings.push(finding("empty-clause", "warning", `${label(clause.id)} has no words.`, clause.id));
  }
  if (question.openThreads > 0) {
    const sentence = `${question.openThreads === 1 ? "One comment thread is" : `${question.openThreads} comment threads are`} still open; comments are never part of the frozen text.`;
    warnings.push(finding("threads", "warning", sentence));
  }
  return [...blockers, ...warnings];
}

function finding(
  kind: FreezeFinding["kind"],
  weight: FreezeFinding["weight"],
  sentence: string,
  clauseId: string | null = null,
): FreezeFinding {
  return { kind, weight, sentence, clauseId };
}
