import type { Context } from "#lib/data/context.ts";
import { loadHandoverForUpdate, noHandover, requireUnanswered, tellLeads } from "#lib/data/convenor-handover.ts";
import { transaction } from "#lib/data/store.ts";
import { mayOnCharter, mayOnInstallation, requireOnCharter, requirePerson } from "#lib/domain/rights.ts";

/**
 * Takes the offer of a charter's convening back before it is accepted: by the convenor, also where an operator made the offer, since a
 * convenor that answers is not gone; and by an operator, also where a convenor made it that is gone since: an offer that nobody answers
 * would keep the role where it is for ever.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted; conflict when it was answered.
 */
export async function takeBackConvening(ctx: Context, handoverId: string): Promise<{ charterId: string }> {
  const person = requirePerson(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const { handover, charter } = await loadHandoverForUpdate(tx, handoverId);
    const isConvenor = mayOnCharter(person, "hand-over-convening", charter);
    const isOperator = mayOnInstallation(person, "hand-over-convening");
    if (!isConvenor && !isOperator) {
      if (!mayOnCharter(person, "read-draft", charter)) throw noHandover();
      requireOnCharter(person, "hand-over-convening", charter);
    }
    requireUnanswered(handover);
    await tx.convenorHandover.update({
      where: { id: handoverId },
      data: { answer: "taken-back", answeredBy: person.userId, answeredAt: ctx.now },
    });
    if (!isConvenor) {
      const reason = "The offer of a charter's convening.";
      await tx.operatorAction.create({
        data: { userId: person.userId, kind: "take-back-convening", subject: charter.id, reason, at: ctx.now },
      });
    }
    await tellLeads(tx, isConvenor ? [handover.toId] : [handover.toId, handover.fromId], "convening-taken-back", {
      subject: `The offer to convene “${charter.title}” was taken back`,
      from: isConvenor ? "The convenor took it back." : "The operator of this installation took it back.",
      paragraphs: ["The convenor stays who it is, and there is nothing to do."],
      action: { label: "Open the charter", path: `/drafts/${charter.id}/people` },
    });
    return { charterId: charter.id };
  });
}
