import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { Block } from "#lib/domain/charter-text.ts";
import { bodyText, type Run, wordDifferences } from "#lib/domain/clause-diff.ts";
import { ClauseId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";
import { loadNames, type NamedAuthor, StoredAuthors } from "./people-of-draft.ts";

/** One step in the life of a clause, with what it changed in words. */
export type HistoryStep = {
  readonly revisionId: string;
  /** Counts from 1. */
  readonly number: number;
  readonly kind: string;
  readonly at: Date;
  readonly clauseNumber: string;
  readonly authors: readonly NamedAuthor[];
  readonly reason: string | null;
  readonly heading: readonly Run[];
  readonly body: readonly Run[];
  /** Whether the clause reads so now; then there is nothing to bring back. */
  readonly isCurrent: boolean;
};

/** The life of one clause in drafting, oldest step first. */
export type ClauseHistory = {
  readonly head: DraftHead;
  readonly clauseId: string;
  readonly heading: string;
  readonly number: string;
  readonly isDeleted: boolean;
  readonly steps: readonly HistoryStep[];
  /** Whether the actor may bring a wording back now. */
  readonly mayRestore: boolean;
};

/**
 * The timeline of a clause.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function clauseHistory(
  ctx: Context,
  input: { charterId: string; clauseId: string },
): Promise<ClauseHistory> {
  const { head } = await loadDraft(ctx, input.charterId);
  const rows = ClauseId.safeParse(input.clauseId).success
    ? await ctx.db.clauseRevision.findMany({
        where: { charterId: head.charterId, clauseId: input.clauseId },
        orderBy: { number: "asc" },
      })
    : [];
  const last = rows.at(-1);
  if (!last) throw new Refusal("not-found", "There is no such clause.");
  const authors = rows.map((row) => StoredAuthors.parse(row.authors));
  const names = await loadNames(
    ctx.db,
    authors.flat().map((one) => one.userId),
    authors.flat().map((one) => one.organizationId),
  );
  const wording = (row: (typeof rows)[number] | undefined) =>
    row && row.kind !== "deleted"
      ? { heading: row.heading, body: bodyText(z.array(Block).parse(row.body)) }
      : { heading: "", body: "" };
  const now = wording(last);
  const steps = rows.map((row, at): HistoryStep => {
    const before = wording(rows[at - 1]);
    const after = wording(row);
    return {
      revisionId: row.id,
      number: row.number,
      kind: row.kind,
      at: row.createdAt,
      clauseNumber: row.clauseNumber,
      authors: (authors[at] ?? []).map((one) => names.author(one.userId, one.organizationId)),
      reason: row.reason,
      heading: wordDifferences(before.heading, after.heading),
      body: wordDifferences(before.body, after.body),
      isCurrent: last.kind !== "deleted" && after.heading === now.heading && after.body === now.body,
    };
  });
  return {
    head,
    clauseId: last.clauseId,
    heading: last.heading,
    number: last.clauseNumber,
    isDeleted: last.kind === "deleted",
    steps,
    mayRestore: head.may["edit-draft"] && head.state === "DRAFTING" && head.hasAcknowledged,
  };
}
