import type { Context } from "#lib/data/context.ts";
import { type DraftHead, loadDraft } from "./draft-head.ts";

/** Why the editor opens for reading only; the same words as the seat in a room. */
export type EditorReason = "frozen" | "not-drafting" | "not-acknowledged" | "not-permitted";

/** What the editor's page has to know before it connects. */
export type DraftEditorView = {
  readonly head: DraftHead;
  readonly roomId: string;
  readonly generation: number;
  readonly language: string;
  readonly mode: "write" | "read";
  readonly reason: EditorReason | null;
  readonly person: { readonly userId: string; readonly name: string };
  readonly participants: readonly {
    readonly organizationId: string;
    readonly name: string;
    readonly isEditor: boolean;
  }[];
  /** Open threads by clause id; clauses without any are not in it. */
  readonly openThreads: Readonly<Record<string, number>>;
  /** Clauses whose wording changed since the person last looked; null when they never did. */
  readonly changedSince: { readonly at: Date; readonly clauseIds: readonly string[] } | null;
  readonly keptTexts: number;
};

/**
 * The draft as the editor opens it. The door of the room decides again by itself.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function draftEditorView(ctx: Context, input: { charterId: string }): Promise<DraftEditorView> {
  const { head, charter, round, userId } = await loadDraft(ctx, input.charterId);
  const reason = reasonOf(head, round.room.isClosed);
  const threads = await ctx.db.thread.groupBy({
    by: ["clauseId"],
    where: { charterId: charter.id, resolvedAt: null },
    _count: true,
  });
  const looked = await ctx.db.lastLooked.findUnique({
    where: { userId_charterId: { userId, charterId: charter.id } },
    select: { at: true },
  });
  return {
    head,
    roomId: round.room.id,
    generation: round.room.generation,
    language: charter.language,
    mode: reason === null ? "write" : "read",
    reason,
    person: { userId, name: ctx.actor.kind === "person" ? ctx.actor.name : "" },
    participants: charter.participants.map(({ organizationId, name, isEditor }) => ({
      organizationId,
      name,
      isEditor,
    })),
    openThreads: Object.fromEntries(threads.map((row) => [row.clauseId, row._count])),
    changedSince: looked ? { at: looked.at, clauseIds: await changedClauses(ctx, charter.id, looked.at) } : null,
    keptTexts: await ctx.db.privateDraft.count({ where: { userId, charterId: charter.id, removedAt: null } }),
  };
}

function reasonOf(head: DraftHead, isClosed: boolean): EditorReason | null {
  if (head.state === "FINAL_CALL" || head.state === "ADOPTED") return "frozen";
  if (isClosed || head.state !== "DRAFTING") return "not-drafting";
  if (!head.may["edit-draft"]) return "not-permitted";
  return head.hasAcknowledged ? null : "not-acknowledged";
}

async function changedClauses(ctx: Context, charterId: string, since: Date): Promise<string[]> {
  const rows = await ctx.db.clauseRevision.findMany({
    where: { charterId, createdAt: { gt: since } },
    distinct: ["clauseId"],
    select: { clauseId: true },
  });
  return rows.map((row) => row.clauseId);
}
