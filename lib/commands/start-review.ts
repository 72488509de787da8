import { listAddressees, loadCharterForUpdate, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { notifyRoom } from "#lib/data/room-control.ts";
import { transaction } from "#lib/data/store.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Lets the text rest and asks every organization at the table to read it. Direct edits are refused from the commit on.
 *
 * @throws {Refusal} not-found, not-permitted, conflict when the round is not in drafting, malformed for a past deadline.
 */
export async function startReview(
  ctx: Context,
  input: { charterId: string; deadline: Date | null },
): Promise<{ state: "REVIEW" }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    nextState(round.state, "start-review");
    if (!charter.policyFixedAt) throw new Refusal("not-drafting", "Open the drafting first.");
    if (input.deadline && input.deadline <= ctx.now) {
      throw new Refusal("malformed", "The deadline of a review lies in the future.");
    }
    await tx.draftRound.update({ where: { id: round.id }, data: { state: "REVIEW", deadline: input.deadline } });
    const from = `${person.name}, ${await organizationName(tx, organizationId)}`;
    const others = charter.participants.map((one) => one.organizationId).filter((id) => id !== organizationId);
    for (const { email } of await listAddressees(tx, others, ["admin", "representative", "drafter"])) {
      await enqueueMail(tx, {
        kind: "review-started",
        to: email,
        content: {
          subject: `In review: ${charter.title}`.slice(0, 200),
          from,
          paragraphs: [
            `The text of “${charter.title}” is in review${input.deadline ? ` until ${input.deadline.toISOString().slice(0, 16).replace("T", " ")} UTC` : ""}. It rests now, so that every organization reads the same words.`,
            "Read it and leave your comments on its clauses.",
          ],
          action: { label: "Read the draft", path: `/drafts/${charter.id}` },
        },
      });
    }
    await notifyRoom(tx, round.room.id, "rights");
    return { state: "REVIEW" };
  });
}
