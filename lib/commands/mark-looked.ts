import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Notes that the person has now seen the draft as it is; "changed since I last looked" counts from here.
 *
 * @throws {Refusal} not-found.
 */
export async function markLooked(ctx: Context, input: { charterId: string }): Promise<void> {
  const charter = await loadCharter(ctx.db, input.charterId);
  const { person } = requireOnCharter(ctx.actor, "read-draft", charter);
  const { room } = await loadRound(ctx.db, charter.id);
  const key = { userId: person.userId, charterId: charter.id };
  await ctx.db.lastLooked.upsert({
    where: { userId_charterId: key },
    create: { ...key, roomSeq: room.lastSeq, at: ctx.now },
    update: { roomSeq: room.lastSeq, at: ctx.now },
  });
}
