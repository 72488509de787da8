import { insertAct } from "#lib/data/acts.ts";
import { listAddressees, loadCharterForUpdate, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { loadRound } from "#lib/data/draft-rounds.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { closeRoom } from "./draft-room.ts";

/**
 * Ends a round of drafting without an adopted text: an honest end. The record stays for the organizations at the table;
 * nothing of it becomes public. Safe to retry.
 *
 * @throws {Refusal} not-found, not-permitted, conflict after adoption, malformed without a reason.
 */
export async function closeWithoutAdoption(
  ctx: Context,
  input: { charterId: string; reason: string },
): Promise<{ closedAt: Date }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    if (round.state === "ABANDONED" && round.closedAt) return { closedAt: round.closedAt };
    const state = nextState(round.state, "abandon");
    const reason = input.reason.trim().slice(0, 1000);
    if (reason === "")
      throw new Refusal("malformed", "Say in a sentence why the round is closed; it stays in the record.");
    if (round.version) {
      await tx.charterVersion.update({ where: { id: round.version.id }, data: { state: "WITHDRAWN_TEXT" } });
    }
    await tx.draftRound.update({
      where: { id: round.id },
      data: { state, closedAt: ctx.now, closedReason: reason, closedBy: person.userId },
    });
    await closeRoom(tx, { roomId: round.room.id, reason: "abandoned", now: ctx.now });
    await insertAct(tx, {
      charterId: charter.id,
      versionId: round.version?.id ?? null,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: { kind: "abandon", reason },
    });
    const from = `${person.name}, ${await organizationName(tx, organizationId)}`;
    const others = charter.participants.map((one) => one.organizationId).filter((id) => id !== organizationId);
    for (const { email } of await listAddressees(tx, others, ["admin", "representative", "drafter"])) {
      await enqueueMail(tx, {
        kind: "closed-without-adoption",
        to: email,
        content: {
          subject: `Closed without adoption: ${charter.title}`.slice(0, 200),
          from,
          paragraphs: [`The drafting of “${charter.title}” was closed without adoption.`, reason],
          action: { label: "See the record", path: `/drafts/${charter.id}` },
        },
      });
    }
    return { closedAt: ctx.now };
  });
}
