import { z } from "zod";
import { ClauseId } from "./ids.ts";

/**
 * What a clause is. `section`, `final` and `annex` are containers that carry a heading and open a new count;
 * `preamble` is unnumbered; `clause` and `definition` are numbered inside the container they stand in.
 */
export const ClauseKind = z.enum(["preamble", "section", "clause", "definition", "final", "annex"]);
export type ClauseKind = z.infer<typeof ClauseKind>;

/** The deepest level of a clause: 1 is a clause, 2 a sub-clause, 3 a point of it. Containers and preambles have level 0. */
export const levelMax = 3;

/** A block of a clause's body: a paragraph, or a list item with its level counted from 1. */
export const Block = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("p"), text: z.string() }),
  z.strictObject({ kind: z.literal("li"), level: z.int().min(1).max(3), text: z.string() }),
]);
export type Block = z.infer<typeof Block>;

/** One clause as a plain value. `level` counts from 1 for clauses and definitions and is 0 for every other kind. */
export const Clause = z.strictObject({
  id: ClauseId,
  kind: ClauseKind,
  level: z.int().min(0).max(levelMax),
  heading: z.string(),
  body: z.array(Block),
});
export type Clause = z.infer<typeof Clause>;

/** A whole charter text in reading order, without numbers: those are computed by `numbered`. */
export const CharterText = z.strictObject({ title: z.string(), language: z.string(), clauses: z.array(Clause) });
export type CharterText = z.infer<typeof CharterText>;

/** A clause with its computed number: "" for a preamble, "2", "2.1", "2.1.3", "A", "A.1". */
export type NumberedClause = Clause & { readonly number: string };

/**
 * The clauses with their numbers, computed from kinds and levels alone.
 *
 * Sections and final provisions count 1, 2, 3…; annexes A, B, C… (AA after Z). Clauses count inside the container they
 * stand in ("2.1"); without any container before them they count from 1 on their own ("1"). A level that skips its
 * parent is read as one level below what stands before it, so that no number ever has a hole.
 */
export function numbered(clauses: readonly Clause[]): NumberedClause[] {
  let containers = 0;
  let annexes = 0;
  let prefix = "";
  let counts: number[] = [];
  return clauses.map((clause) => {
    switch (clause.kind) {
      case "preamble":
        return { ...clause, number: "" };
      case "annex":
        annexes += 1;
        prefix = letters(annexes);
        counts = [];
        return { ...clause, number: prefix };
      case "section":
      case "final":
        // A section after loose clauses goes on from their count, so that no number is given twice.
        if (containers === 0 && prefix === "" && counts[0]) containers = counts[0];
        containers += 1;
        prefix = String(containers);
        counts = [];
        return { ...clause, number: prefix };
      default: {
        const depth = Math.min(Math.max(clause.level, 1), counts.length + 1);
        counts = [...counts.slice(0, depth - 1), (counts[depth - 1] ?? 0) + 1];
        return { ...clause, number: [...(prefix ? [prefix] : []), ...counts].join(".") };
      }
    }
  });
}

/** The heading as it is read: an annex carries its letter in it ("Annex A: Form"), and is named by that alone where it has no other name. */
export function headingOf(clause: NumberedClause): string {
  if (clause.kind !== "annex") return clause.heading;
  return clause.heading === "" ? `Annex ${clause.number}` : `Annex ${clause.number}: ${clause.heading}`;
}

function letters(count: number): string {
  return count > 26
    ? letters(Math.floor((count - 1) / 26)) + letters(((count - 1) % 26) + 1)
    : String.fromCharCode(64 + count);
}
