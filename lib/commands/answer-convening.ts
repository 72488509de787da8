import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import {
  haveRecords,
  loadHandoverForUpdate,
  noHandover,
  type OpenHandover,
  requireUnanswered,
  tellLeads,
} from "#lib/data/convenor-handover.ts";
import { tellOperators } from "#lib/data/keeper-act.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { announceRightsChange } from "#lib/data/rights-change.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { membershipIn } from "#lib/domain/actor.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization, requirePerson } from "#lib/domain/rights.ts";

export const AnswerConvening = z.strictObject({ handoverId: RowId, answer: z.enum(["accept", "decline"]) });
export type AnswerConvening = z.infer<typeof AnswerConvening>;

/**
 * Answers the offer of a charter's convening for the organization it was made to. Accepted, the role passes at once: rights, open
 * editors and public pages follow with the commit. What the former convenor did stands, and it keeps its seat at the table.
 *
 * @throws {Refusal} not-signed-in, not-found for everybody else, not-permitted without a leading role; conflict when it was answered or
 *   taken back, or the table changed meanwhile.
 */
export async function answerConvening(ctx: Context, raw: AnswerConvening): Promise<{ charterId: string }> {
  const { handoverId, answer } = AnswerConvening.parse(raw);
  const person = requirePerson(ctx.actor);
  return transaction(ctx.db, async (tx) => {
    const open = await loadHandoverForUpdate(tx, handoverId);
    const { handover, charter } = open;
    if (!membershipIn(person, handover.toId)) throw noHandover();
    requireForOrganization(person, "answer-invitation", handover.toId);
    requireUnanswered(handover);
    if (answer === "accept") await requirePassable(tx, open);
    await tx.convenorHandover.update({
      where: { id: handoverId },
      data: {
        answer: answer === "accept" ? "accepted" : "declined",
        answeredBy: person.userId,
        answeredAt: ctx.now,
      },
    });
    if (answer === "accept") await pass(tx, open);
    else {
      await tellLeads(tx, [handover.fromId], "convening-declined", {
        subject: `The convening of “${charter.title}” was declined`,
        from: `${nameIn(open, handover.toId)} declined.`,
        paragraphs: ["The convenor stays who it is. The role can be offered to another organization at the table."],
        action: { label: "Open the table", path: `/drafts/${charter.id}/people#convening` },
      });
      // Whoever made the offer hears of it. The title is the table's.
      if (handover.by === "operator") {
        const [to, from] = [nameIn(open, handover.toId), nameIn(open, handover.fromId)];
        await tellOperators(tx, "convening-declined", {
          subject: `${to} declined to convene a charter of ${from}`,
          from: `${to} declined.`,
          paragraphs: ["The convenor stays who it is. The role can be offered to another organization at the table."],
          action: { label: "Open the organization", path: `/operator/organizations/${handover.fromId}#convenes` },
        });
      }
    }
    return { charterId: charter.id };
  });
}

async function requirePassable(tx: Tx, { handover, charter }: OpenHandover): Promise<void> {
  const { suspendedAt } = await tx.organization.findUniqueOrThrow({
    where: { id: handover.toId },
    select: { suspendedAt: true },
  });
  if (suspendedAt !== null)
    throw new Refusal("conflict", "Your organization is suspended and cannot convene a charter.");
  const isSeated = charter.participants.some((one) => one.organizationId === handover.toId);
  if (!isSeated) throw new Refusal("conflict", "Your organization no longer sits at this table.");
  if (charter.convenorOrganizationId !== handover.fromId) {
    throw new Refusal("conflict", "The convenor changed since the offer was made; ask for a new one.");
  }
  if (handover.withRecord && (await haveRecords(tx, [charter.id])).has(charter.id)) {
    throw new Refusal(
      "conflict",
      "A text was adopted since the offer was made, and the depositary stays who it is; ask for an offer of the convenor’s role alone.",
    );
  }
}

async function pass(tx: Tx, open: OpenHandover): Promise<void> {
  const { handover, charter } = open;
  const takesRecord = handover.withRecord && charter.depositaryOrganizationId === handover.fromId;
  await tx.charter.update({
    where: { id: charter.id },
    data: {
      convenorOrganizationId: handover.toId,
      ...(takesRecord ? { depositaryOrganizationId: handover.toId } : {}),
    },
  });
  // A convenor runs the drafting, also where it only read before.
  await tx.participant.updateMany({
    where: { charterId: charter.id, organizationId: handover.toId },
    data: { isEditor: true },
  });
  // Caches compare these before anything is public, so what stays private moves none of them.
  if (charter.visibility === "PUBLIC") await bumpRevisions(tx, ["directory", `charter:${charter.id}`]);
  await announceRightsChange(tx, { charterId: charter.id });
  const [from, to] = [nameIn(open, handover.fromId), nameIn(open, handover.toId)];
  await tellLeads(
    tx,
    charter.participants.map((one) => one.organizationId),
    "convening-passed",
    {
      subject: `${to} convenes “${charter.title}” now`,
      from:
        handover.by === "convenor"
          ? `${from} handed the role over.`
          : "The operator of this installation handed it over.",
      paragraphs: [
        `${from} was the convenor until today and keeps its seat at the table. The policy, the text and all positions stay as they are.`,
        ...(takesRecord ? [`${to} keeps the record as the depositary, too.`] : []),
        `The reason given: ${handover.reason}`,
      ],
      action: { label: "Open the charter", path: `/drafts/${charter.id}/people` },
    },
  );
}

function nameIn({ charter }: OpenHandover, organizationId: string): string {
  return charter.participants.find((one) => one.organizationId === organizationId)?.name ?? "An organization";
}
