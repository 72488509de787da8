import type { Context } from "#lib/data/context.ts";
import type { CharterText } from "#lib/domain/charter-text.ts";
import { compareTexts, type TextComparison } from "#lib/domain/clause-diff.ts";
import { parseCanonicalVersion } from "#lib/ledger/canonical-version.ts";
import { type DraftHead, type LoadedDraft, loadDraft } from "./draft-head.ts";
import { readDraftText } from "./draft-text.ts";

/** A moment at which the text of a charter can be looked at. `key` stands in addresses. */
export type DraftPoint = { readonly key: string; readonly label: string; readonly at: Date };

/** Two texts of a charter side by side. */
export type DraftComparison = {
  readonly head: DraftHead;
  /** Every moment there is, newest first. */
  readonly points: readonly DraftPoint[];
  readonly from: DraftPoint;
  readonly to: DraftPoint;
  readonly comparison: TextComparison;
};

/**
 * Compares any two states of a charter's text: drafts at a moment of their history, and frozen versions. A key that is not
 * known stands for the first and for the newest text.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function compareDrafts(
  ctx: Context,
  input: { charterId: string; from: string | null; to: string | null },
): Promise<DraftComparison> {
  const draft = await loadDraft(ctx, input.charterId);
  const sources = await pointsOf(ctx, draft);
  const newest = sources[0];
  const oldest = sources.at(-1);
  if (!newest || !oldest) throw new Error("A charter has at least the text it began with.");
  const from = sources.find((one) => one.point.key === input.from) ?? oldest;
  const to = sources.find((one) => one.point.key === input.to) ?? newest;
  return {
    head: draft.head,
    points: sources.map((one) => one.point),
    from: from.point,
    to: to.point,
    comparison: compareTexts(await from.read(), await to.read()),
  };
}

type Source = { readonly point: DraftPoint; read(): Promise<CharterText> };

async function pointsOf(ctx: Context, { charter, round: { room: liveRoom } }: LoadedDraft): Promise<Source[]> {
  const rooms = await ctx.db.room.findMany({
    where: { charterId: charter.id },
    select: { id: true, generation: true, draftRound: { select: { number: true } } },
  });
  const moments = await ctx.db.clauseRevision.groupBy({
    by: ["roomId", "roomSeq", "createdAt"],
    where: { charterId: charter.id },
  });
  const sources: Source[] = [];
  for (const { roomId, roomSeq, createdAt } of moments) {
    const room = rooms.find((one) => one.id === roomId);
    // Of a few old rows the room is not known, so nor is the text around them.
    if (!room) continue;
    const round = room.draftRound.number;
    const seq = Number(roomSeq);
    const key = `draft-${round}.${room.generation}.${seq}`;
    const label = seq === 1 && room.generation === 1 ? `Round ${round}, as it began` : `Draft, round ${round}`;
    sources.push(textAt(ctx, { key, label, at: createdAt }, { roomId: room.id, seq, language: charter.language }));
  }
  const now = { key: "now", label: "The text as it is now", at: ctx.now };
  const live = { roomId: liveRoom.id, seq: Number(liveRoom.lastSeq), language: charter.language };
  const all = [textAt(ctx, now, live), ...sources, ...(await frozenTexts(ctx, charter.id))];
  return all.sort((left, right) => right.point.at.getTime() - left.point.at.getTime());
}

function textAt(ctx: Context, point: DraftPoint, place: { roomId: string; seq: number; language: string }): Source {
  return {
    point,
    read: async () => (await readDraftText(ctx.db, place.roomId, place.language, place.seq)).text,
  };
}

async function frozenTexts(ctx: Context, charterId: string): Promise<Source[]> {
  const rows = await ctx.db.charterVersion.findMany({
    where: { charterId },
    select: { id: true, number: true, state: true, frozenAt: true, canonical: true },
  });
  return rows.map((row) => ({
    point: { key: `text-${row.id}`, label: labelOf(row.state, row.number), at: row.frozenAt },
    read: async () => parseCanonicalVersion(row.canonical).text,
  }));
}

function labelOf(state: string, number: number): string {
  if (state === "CANDIDATE") return `Candidate for version ${number}`;
  return state === "WITHDRAWN_TEXT" ? `Withdrawn candidate for version ${number}` : `Version ${number}, as frozen`;
}
