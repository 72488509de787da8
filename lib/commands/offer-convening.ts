import { z } from "zod";
import { type CharterRecord, loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { findOpenHandover, haveRecords, tellLeads } from "#lib/data/convenor-handover.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import type { Actor, Person } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayOnCharter, mayOnInstallation, requireOnCharter, requirePerson } from "#lib/domain/rights.ts";

export const OfferConvening = z.strictObject({
  charterId: RowId,
  toId: RowId,
  /** Whether the depositary's seat goes with it; only where the convenor holds that too. */
  withRecord: z.boolean(),
  reason: z.string(),
});
export type OfferConvening = z.infer<typeof OfferConvening>;

/**
 * Offers the convening of a charter to another organization at its table: by the convenor, or by an operator on evidence, where the
 * convenor is gone. Nothing changes until that organization accepts.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict while another offer waits, and for an organization
 *   that is not at the table, or with the depositary's seat once a text was adopted.
 */
export async function offerConvening(ctx: Context, raw: OfferConvening): Promise<{ handoverId: string }> {
  const { charterId, toId, withRecord, reason: text } = OfferConvening.parse(raw);
  requirePerson(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, charterId);
    const { person, by } = requireVoice(ctx.actor, charter);
    const reason = requireReason(text);
    const fromId = charter.convenorOrganizationId;
    await requireOfferable(tx, charter, toId);
    if (withRecord && charter.depositaryOrganizationId !== fromId) {
      throw new Refusal("conflict", "The depositary is another organization, and keeps its seat.");
    }
    if (withRecord && (await haveRecords(tx, [charterId])).has(charterId)) {
      throw new Refusal(
        "conflict",
        "A text of this charter was adopted, and its depositary stays who it is; offer the convenor’s role alone.",
      );
    }
    const { id: handoverId } = await tx.convenorHandover.create({
      data: { charterId, fromId, toId, withRecord, by, reason, offeredBy: person.userId, offeredAt: ctx.now },
      select: { id: true },
    });
    if (by === "operator") {
      await tx.operatorAction.create({
        data: { userId: person.userId, kind: "offer-convening", subject: charterId, reason, at: ctx.now },
      });
    }
    await tellBoth(tx, charter, { toId, withRecord, by, reason });
    return { handoverId };
  });
}

type Voice = "convenor" | "operator";

function requireVoice(actor: Actor, charter: CharterRecord): { person: Person; by: Voice } {
  const person = requirePerson(actor);
  if (mayOnCharter(actor, "hand-over-convening", charter)) return { person, by: "convenor" };
  if (mayOnInstallation(actor, "hand-over-convening")) return { person, by: "operator" };
  requireOnCharter(actor, "hand-over-convening", charter);
  throw new Refusal("not-permitted", "Only the convenor can hand its role over.");
}

function requireReason(text: string): string {
  const reason = text.trim();
  if (reason.length >= 5 && reason.length <= 800) return reason;
  throw new Refusal("malformed", "Say in a sentence why; the organizations at the table read it.");
}

async function requireOfferable(tx: Tx, charter: CharterRecord, toId: string): Promise<void> {
  if (toId === charter.convenorOrganizationId) {
    throw new Refusal("conflict", "This organization is the convenor already.");
  }
  if (!charter.participants.some((one) => one.organizationId === toId)) {
    throw new Refusal("conflict", "Only an organization at the table can become the convenor; invite it first.");
  }
  if (await findOpenHandover(tx, charter.id)) {
    throw new Refusal("conflict", "An offer waits for its answer; take it back first.");
  }
}

async function tellBoth(
  tx: Tx,
  charter: CharterRecord,
  offer: { toId: string; withRecord: boolean; by: Voice; reason: string },
): Promise<void> {
  const nameOf = (id: string) => charter.participants.find((one) => one.organizationId === id)?.name ?? "the convenor";
  const [from, to] = [nameOf(charter.convenorOrganizationId), nameOf(offer.toId)];
  const action = { label: "Read the offer", path: `/drafts/${charter.id}/people#convening` };
  const why = `The reason given: ${offer.reason}`;
  const role = offer.withRecord ? "the convenor’s and the depositary’s roles" : "the convenor’s role";
  await tellLeads(tx, [offer.toId], "convening-offered", {
    subject: `${to} is asked to convene “${charter.title}”`,
    from: offer.by === "convenor" ? `${from} offers it.` : "The operator of this installation offers it.",
    paragraphs: [`Your organization would take ${role}. Nothing changes until one of you accepts.`, why],
    action,
  });
  if (offer.by === "convenor") return;
  await tellLeads(tx, [charter.convenorOrganizationId], "convening-offered", {
    subject: `${role.charAt(0).toUpperCase()}${role.slice(1)} of “${charter.title}” may pass to ${to}`,
    from: "The operator of this installation offered it on evidence.",
    paragraphs: [why, "If your organization goes on as the convenor, take the offer back before it is accepted."],
    action,
  });
}
