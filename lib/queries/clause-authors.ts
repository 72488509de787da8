import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { Block } from "#lib/domain/charter-text.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type Credit, isSameAuthor } from "#lib/domain/word-authors.ts";
import { decodeWordAuthors } from "#lib/domain/word-authors-row.ts";
import type { Author } from "#lib/domain/word-rows.ts";
import { segmentsOf, wordsIn } from "#lib/domain/words.ts";
import { loadDraft } from "./draft-head.ts";
import { loadNames, type NamedAuthor } from "./people-of-draft.ts";

/** Who wrote some words: `first` wrote them first, `last` placed them where they stand; null where it is not recorded. */
export type Hand = {
  readonly first: NamedAuthor | null;
  readonly last: NamedAuthor | null;
  /** Counts the organizations of first authors from 0 in the order of the text; it stands for one pattern of underline. */
  readonly pattern: number;
  readonly words: number;
};

/** A stretch of text by one hand; `hand` is its place in the list of hands. */
export type HandRun = { readonly text: string; readonly hand: number };

/** The newest wording of a clause in the history, with who wrote each part. */
export type ClauseAuthors = {
  readonly clauseId: string;
  readonly number: string;
  readonly at: Date;
  readonly heading: readonly HandRun[];
  readonly blocks: readonly { readonly isPoint: boolean; readonly runs: readonly HandRun[] }[];
  readonly hands: readonly Hand[];
};

/**
 * Who wrote a clause, as its newest revision has it; of a deleted clause, as it stood last.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function clauseAuthors(
  ctx: Context,
  input: { charterId: string; clauseId: string },
): Promise<ClauseAuthors> {
  const { head } = await loadDraft(ctx, input.charterId);
  const row = ClauseId.safeParse(input.clauseId).success
    ? await ctx.db.clauseRevision.findFirst({
        where: { charterId: head.charterId, clauseId: input.clauseId },
        orderBy: { number: "desc" },
      })
    : null;
  if (!row) throw new Refusal("not-found", "Nothing is recorded of this clause yet. It is when the typing pauses.");
  const clause = { heading: row.heading, body: z.array(Block).parse(row.body) };
  const credits = decodeWordAuthors(clause, row.wordAuthors).map((one) => one.credit);
  const hands = handsOf(credits);
  const people = hands.flatMap((one) => [one.first ?? [], one.last ?? []].flat());
  const names = await loadNames(
    ctx.db,
    people.map((one) => one.userId),
    people.map((one) => one.organizationId),
  );
  const named = (author: Author | null) => author && names.author(author.userId, author.organizationId);
  const organizations = [...new Set(hands.map((one) => one.first?.organizationId ?? null))];
  const [heading = [], ...blocks] = runsOf(segmentsOf(clause), credits, hands);
  return {
    clauseId: row.clauseId,
    number: row.clauseNumber,
    at: row.createdAt,
    heading,
    blocks: blocks.map((runs, at) => ({ isPoint: clause.body[at]?.kind === "li", runs })),
    hands: hands.map((one) => ({
      first: named(one.first),
      last: named(one.last),
      pattern: organizations.indexOf(one.first?.organizationId ?? null),
      words: credits.filter((credit) => isSameHand(credit, one)).length,
    })),
  };
}

function handsOf(credits: readonly Credit[]): Credit[] {
  const hands: Credit[] = [];
  for (const credit of credits) if (!hands.some((one) => isSameHand(one, credit))) hands.push(credit);
  return hands;
}

function isSameHand(left: Credit, right: Credit): boolean {
  return isSameAuthor(left.first, right.first) && isSameAuthor(left.last, right.last);
}

/** The text in stretches by one hand; what stands between two words goes with the word before it. */
function runsOf(segments: readonly string[], credits: readonly Credit[], hands: readonly Credit[]): HandRun[][] {
  let next = 0;
  return segments.map((segment) => {
    const runs: { text: string; hand: number }[] = [];
    let end = 0;
    const words = wordsIn(segment);
    words.forEach(({ to }, at) => {
      const credit = credits[next];
      next += 1;
      const hand = credit ? hands.findIndex((one) => isSameHand(one, credit)) : 0;
      const upTo = at === words.length - 1 ? segment.length : startOfNext(segment, to, words[at + 1]?.from ?? to);
      const run = runs.at(-1);
      if (run?.hand === hand) run.text += segment.slice(end, upTo);
      else runs.push({ text: segment.slice(end, upTo), hand });
      end = upTo;
    });
    return words.length === 0 && segment !== "" ? [{ text: segment, hand: 0 }] : runs;
  });
}

/** Behind the punctuation and the space that follow a word; an opening quotation mark goes with the word it opens. */
function startOfNext(segment: string, to: number, from: number): number {
  const space = segment.slice(to, from).lastIndexOf(" ");
  return space < 0 ? from : to + space + 1;
}
