import { z } from "zod";
import type { Clause } from "./charter-text.ts";
import { type AuthoredWord, type Credit, type GoneWords, isSameAuthor, type Trace } from "./word-authors.ts";
import type { Author } from "./word-rows.ts";
import { segmentsOf, wordsIn } from "./words.ts";

const Index = z.int().min(-1);

/**
 * The authors of a clause's words as a revision keeps them. `runs` go through the words of heading and body in order:
 * [how many words, first author, who placed them last], authors as places in `authors`, -1 where none is recorded.
 * `gone` are the words that vanished since the revision before, of this clause or another, so that they can be given
 * back: words apart by a space, "¶" for the edge of a paragraph, runs as above and behind them 1 for what vanished, 0 for
 * a neighbour.
 */
export const StoredWordAuthors = z.object({
  authors: z.array(z.object({ userId: z.string(), organizationId: z.string() })),
  runs: z.array(z.tuple([z.int().min(1), Index, Index])),
  gone: z
    .array(
      z.object({
        clauseId: z.string(),
        words: z.string(),
        runs: z.array(z.tuple([z.int().min(1), Index, Index, z.int()])),
      }),
    )
    .optional(),
});
export type StoredWordAuthors = z.infer<typeof StoredWordAuthors>;

const edgeMark = "¶";

/** Authors of words as they are stored; `gone` only where something vanished. */
export function encodeWordAuthors(words: readonly AuthoredWord[], gone: readonly GoneWords[] = []): StoredWordAuthors {
  const authors: Author[] = [];
  const indexOf = (author: Author | null) => {
    if (!author) return -1;
    const known = authors.findIndex((one) => isSameAuthor(one, author));
    if (known >= 0) return known;
    return authors.push({ userId: author.userId, organizationId: author.organizationId }) - 1;
  };
  const runs: StoredWordAuthors["runs"] = [];
  for (const { credit } of words) {
    const [first, last] = [indexOf(credit.first), indexOf(credit.last)];
    const run = runs.at(-1);
    if (run && run[1] === first && run[2] === last) run[0] += 1;
    else runs.push([1, first, last]);
  }
  if (gone.length === 0) return { authors, runs };
  return { authors, runs, gone: gone.map((one) => encodeGone(one, indexOf)) };
}

function encodeGone({ clauseId, traces }: GoneWords, indexOf: (author: Author | null) => number) {
  const runs: [number, number, number, number][] = [];
  for (const { word, isGone, credit } of traces) {
    const [first, last] = word === "" ? [-1, -1] : [indexOf(credit.first), indexOf(credit.last)];
    const run = runs.at(-1);
    if (run && run[1] === first && run[2] === last && run[3] === Number(isGone)) run[0] += 1;
    else runs.push([1, first, last, Number(isGone)]);
  }
  return { clauseId, words: traces.map((one) => one.word || edgeMark).join(" "), runs };
}

/** The words of a clause without places, none of their authors recorded, or all of them by `author`. */
export function wordsOf(clause: Pick<Clause, "heading" | "body">, author: Author | null = null): AuthoredWord[] {
  const credit = { first: author, last: author };
  return segmentsOf(clause).flatMap((segment) =>
    wordsIn(segment).map(({ word }, at) => ({ word, isFirst: at === 0, place: undefined, credit })),
  );
}

/**
 * The words of a stored wording with their authors. A revision from before authors of words were kept, or one that does
 * not fit its text, says as much as is known: the words are by `only`, the one author of a first wording, or by nobody.
 */
export function decodeWordAuthors(
  clause: Pick<Clause, "heading" | "body">,
  stored: unknown,
  only: Author | null = null,
): AuthoredWord[] {
  const read = StoredWordAuthors.safeParse(stored);
  if (!read.success) return wordsOf(clause, only);
  const credits = creditsOf(read.data.authors, read.data.runs);
  const words = wordsOf(clause);
  if (credits.length !== words.length) return words;
  return words.map((word, at) => ({ ...word, credit: credits[at] ?? word.credit }));
}

/** What vanished, as a revision keeps it. */
export function decodeGone(stored: unknown): GoneWords[] {
  const read = StoredWordAuthors.safeParse(stored);
  if (!read.success) return [];
  const { authors, gone = [] } = read.data;
  return gone.map(({ clauseId, words, runs }) => {
    const credits = creditsOf(authors, runs);
    const marks = runs.flatMap(([length, , , isGone]) => Array.from({ length }, () => isGone === 1));
    const traces = words.split(" ").map(
      (word, at): Trace => ({
        word: word === edgeMark ? "" : word,
        isGone: marks[at] ?? false,
        credit: credits[at] ?? { first: null, last: null },
      }),
    );
    return { clauseId, traces };
  });
}

function creditsOf(
  authors: readonly Author[],
  runs: readonly (readonly [number, number, number, ...number[]])[],
): Credit[] {
  return runs.flatMap(([length, first, last]) => {
    const credit = { first: authors[first] ?? null, last: authors[last] ?? null };
    return Array.from({ length }, () => credit);
  });
}
