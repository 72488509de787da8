import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { Block } from "#lib/domain/charter-text.ts";
import { bodyText, type Run, wordDifferences } from "#lib/domain/clause-diff.ts";
import { RowId } from "#lib/domain/ids.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";
import { loadNames, type NamedAuthor, StoredAuthors } from "./people-of-draft.ts";

/** One change of one clause in the history of the whole draft. */
export type DraftChange = {
  readonly revisionId: string;
  readonly clauseId: string;
  readonly clauseNumber: string;
  readonly clauseHeading: string;
  readonly kind: string;
  readonly at: Date;
  readonly authors: readonly NamedAuthor[];
  readonly reason: string | null;
  readonly heading: readonly Run[];
  readonly body: readonly Run[];
};

/** A moment in the life of the charter itself: frozen, withdrawn, adopted, closed. */
export type Milestone = { readonly kind: string; readonly at: Date; readonly sentence: string };

/** A page of the history, newest change first. */
export type DraftHistory = {
  readonly head: DraftHead;
  readonly changes: readonly DraftChange[];
  readonly milestones: readonly Milestone[];
  /** Clauses that were deleted and are not there now; they can be brought back from their own history. */
  readonly deleted: readonly { readonly clauseId: string; readonly heading: string; readonly at: Date }[];
  /** Pass it as `before` for the next page; null at the end. */
  readonly next: string | null;
};

const pageSize = 50;

/**
 * The history of a draft: what, when, who of which organization.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function draftHistory(
  ctx: Context,
  input: { charterId: string; before: string | null },
): Promise<DraftHistory> {
  const { head } = await loadDraft(ctx, input.charterId);
  const { charterId } = head;
  const before = input.before && RowId.safeParse(input.before).success ? input.before : null;
  const rows = await ctx.db.clauseRevision.findMany({
    where: { charterId },
    ...(before ? { cursor: { id: before }, skip: 1 } : {}),
    orderBy: [{ createdAt: "desc" }, { roomSeq: "desc" }, { position: "asc" }, { id: "asc" }],
    take: pageSize + 1,
  });
  const page = rows.slice(0, pageSize);
  const earlier = await wordingsBefore(ctx, charterId, page);
  const authors = page.map((row) => StoredAuthors.parse(row.authors));
  const names = await loadNames(
    ctx.db,
    authors.flat().map((one) => one.userId),
    authors.flat().map((one) => one.organizationId),
  );
  const changes = page.map((row, at): DraftChange => {
    const former = earlier.get(`${row.clauseId} ${row.number - 1}`) ?? { heading: "", body: "" };
    const after = row.kind === "deleted" ? { heading: "", body: "" } : wordingOf(row);
    return {
      revisionId: row.id,
      clauseId: row.clauseId,
      clauseNumber: row.clauseNumber,
      clauseHeading: row.heading,
      kind: row.kind,
      at: row.createdAt,
      authors: (authors[at] ?? []).map((one) => names.author(one.userId, one.organizationId)),
      reason: row.reason,
      heading: wordDifferences(former.heading, after.heading),
      body: wordDifferences(former.body, after.body),
    };
  });
  return {
    head,
    changes,
    milestones: before ? [] : await milestonesOf(ctx, charterId),
    deleted: before ? [] : await deletedClauses(ctx, charterId),
    next: rows.length > pageSize ? (page.at(-1)?.id ?? null) : null,
  };
}

type Row = { readonly clauseId: string; readonly number: number; readonly heading: string; readonly body: unknown };

function wordingOf(row: Row): { heading: string; body: string } {
  return { heading: row.heading, body: bodyText(z.array(Block).parse(row.body)) };
}

async function wordingsBefore(ctx: Context, charterId: string, page: readonly Row[]) {
  const wanted = page.filter((row) => row.number > 1);
  const rows = await ctx.db.clauseRevision.findMany({
    where: { charterId, OR: wanted.map((row) => ({ clauseId: row.clauseId, number: row.number - 1 })) },
    select: { clauseId: true, number: true, heading: true, body: true, kind: true },
  });
  return new Map(
    rows.map((row) => [
      `${row.clauseId} ${row.number}`,
      row.kind === "deleted" ? { heading: "", body: "" } : wordingOf(row),
    ]),
  );
}

async function deletedClauses(ctx: Context, charterId: string) {
  const rows = await ctx.db.clauseRevision.findMany({
    where: { charterId },
    orderBy: [{ clauseId: "asc" }, { number: "desc" }],
    distinct: ["clauseId"],
    select: { clauseId: true, heading: true, body: true, number: true, kind: true, createdAt: true },
  });
  return rows
    .filter((row) => row.kind === "deleted")
    .map((row) => ({
      clauseId: row.clauseId,
      heading: row.heading || wordingOf(row).body.slice(0, 80) || "A clause without words",
      at: row.createdAt,
    }));
}

async function milestonesOf(ctx: Context, charterId: string): Promise<Milestone[]> {
  const rows = await ctx.db.act.findMany({
    where: { charterId, kind: { in: ["freeze", "withdraw-text", "adopt", "open", "abandon"] } },
    orderBy: { at: "desc" },
    select: { at: true, payload: true },
  });
  const acts = rows.map(({ at, payload }) => {
    const act = ActPayload.parse(payload);
    return { kind: act.kind, at, sentence: sentenceOf(act) };
  });
  return [...acts, ...(await handoversOf(ctx, charterId))].sort((one, other) => other.at.getTime() - one.at.getTime());
}

/** Each time that the convening passed on. */
async function handoversOf({ db }: Context, charterId: string): Promise<Milestone[]> {
  const rows = await db.convenorHandover.findMany({ where: { charterId, answer: "accepted" } });
  const names = await loadNames(
    db,
    [],
    rows.flatMap((row) => [row.fromId, row.toId]),
  );
  const nameOf = (id: string) => names.author("", id).organization;
  return rows.map(({ fromId, toId, by, withRecord, reason, offeredAt, answeredAt }) => ({
    kind: "convening",
    at: answeredAt ?? offeredAt,
    sentence: `The convening passed from ${nameOf(fromId)} to ${nameOf(toId)}${withRecord ? ", with the keeping of the record" : ""}${by === "operator" ? ", by the operator" : ""}: ${reason}`,
  }));
}

function sentenceOf(act: ActPayload): string {
  switch (act.kind) {
    case "freeze":
      return `The text was frozen as the candidate for version ${act.number}.`;
    case "withdraw-text":
      return `The candidate was withdrawn${act.reason ? `: ${act.reason}` : "."}`;
    case "adopt":
      return `Version ${act.number} was adopted. ${act.adoption.outcome}`;
    case "open":
      return `Version ${act.number} was opened for signature.`;
    case "abandon":
      return `The round was closed without adoption: ${act.reason}`;
    default:
      return "";
  }
}
