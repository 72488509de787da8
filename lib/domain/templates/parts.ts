import type { Block, Clause } from "../charter-text.ts";
import type { CharterPolicy } from "../policy.ts";

/** A clause of a template: it gets its id when a charter is made from it. */
export type TemplateClause = Omit<Clause, "id">;

/** A text to begin with, and the policy that goes with agreements of its shape. */
export type Template = {
  readonly key: string;
  readonly name: string;
  /** What the instrument is called on its pages: "Accord", "Convention". */
  readonly displayType: string;
  /** One sentence: for whom and for what. */
  readonly summary: string;
  /** The preset as the field knows it. A value that is not carried yet is shown as not available. */
  readonly policy: CharterPolicy;
  /** What this shape of agreement needs beyond the policy and Concordat does not carry yet, one sentence each. */
  readonly notYet: readonly string[];
  readonly title: string;
  readonly purpose: string;
  readonly clauses: readonly TemplateClause[];
};

/** The recitals, one paragraph each. */
export function preamble(...paragraphs: readonly string[]): TemplateClause {
  return { kind: "preamble", level: 0, heading: "Preamble", body: paragraphs.map(paragraph) };
}

export function section(heading: string): TemplateClause {
  return { kind: "section", level: 0, heading, body: [] };
}

export function finalProvisions(): TemplateClause {
  return { kind: "final", level: 0, heading: "Final provisions", body: [] };
}

export function annex(heading: string): TemplateClause {
  return { kind: "annex", level: 0, heading, body: [] };
}

export function definition(term: string, meaning: string): TemplateClause {
  return { kind: "definition", level: 1, heading: term, body: [paragraph(meaning)] };
}

/** A numbered clause with a heading. */
export function clause(heading: string, ...paragraphs: readonly string[]): TemplateClause {
  return { kind: "clause", level: 1, heading, body: paragraphs.map(paragraph) };
}

/** A sub-clause, without a heading of its own. */
export function sub(text: string): TemplateClause {
  return { kind: "clause", level: 2, heading: "", body: [paragraph(text)] };
}

function paragraph(text: string): Block {
  return { kind: "p", text };
}
