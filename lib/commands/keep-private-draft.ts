import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";

/** The longest kept text in UTF-16 code units, and how many one person may keep for one charter. */
const textLengthMax = 200_000;
const keptMax = 50;

/**
 * Keeps text that could not go into a draft any more for its author alone. It is allowed to people who have lost their
 * seat as well, because the words are theirs; nothing of the charter is told to them by it.
 *
 * @throws {Refusal} not-signed-in, not-found, malformed, too-large, too-many.
 */
export async function keepPrivateDraft(
  ctx: Context,
  input: { charterId: string; clauseId: string | null; text: string; reason: string },
): Promise<{ privateDraftId: string }> {
  const person = requirePerson(ctx.actor);
  const charter = await loadCharter(ctx.db, input.charterId);
  await requireAuthor(
    ctx,
    charter.id,
    person.userId,
    charter.participants.map((one) => one.organizationId),
  );
  // PostgreSQL stores no NUL; it may be the very reason why the text was refused.
  const text = input.text.replaceAll("\0", "");
  if (text.trim() === "") throw new Refusal("malformed", "There is no text to keep.");
  if (text.length > textLengthMax) {
    throw new Refusal("too-large", `A kept text may have ${textLengthMax} characters; copy it out instead.`);
  }
  const same = { userId: person.userId, charterId: charter.id, removedAt: null };
  const kept = await ctx.db.privateDraft.findMany({ where: same, select: { id: true, text: true, clauseId: true } });
  // A browser that did not hear the answer sends the same words again.
  const earlier = kept.find((one) => one.text === text && one.clauseId === input.clauseId);
  if (earlier) return { privateDraftId: earlier.id };
  if (kept.length >= keptMax) throw new Refusal("too-many", "Remove a kept text of this charter first.");
  const row = await ctx.db.privateDraft.create({
    data: {
      userId: person.userId,
      charterId: charter.id,
      clauseId: input.clauseId,
      text,
      reason: input.reason.replaceAll("\0", "").slice(0, 500),
      createdAt: ctx.now,
    },
    select: { id: true },
  });
  return { privateDraftId: row.id };
}

/** Whoever sits at the table now, or once wrote in one of the charter's rooms. */
async function requireAuthor(
  ctx: Context,
  charterId: string,
  userId: string,
  seated: readonly string[],
): Promise<void> {
  const isSeated =
    ctx.actor.kind === "person" && ctx.actor.memberships.some((one) => seated.includes(one.organizationId));
  if (isSeated) return;
  const lease = await ctx.db.clientLease.findFirst({
    where: { userId, room: { charterId } },
    select: { roomId: true },
  });
  if (!lease) throw new Refusal("not-found", "There is no such charter.");
}
