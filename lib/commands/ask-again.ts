import { listAddressees, loadCharterForUpdate, organizationName } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { latestPositions, loadRound, requireCandidate } from "#lib/data/draft-rounds.ts";
import { enqueueMail } from "#lib/data/outbox.ts";
import { transaction } from "#lib/data/store.ts";
import { standingOf } from "#lib/domain/adoption.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Asks the organizations whose position was taken on an earlier text for one on the candidate. Until it is done the
 * candidate cannot be adopted. Gives back the names of those who were asked; nobody when no position is stale.
 *
 * @throws {Refusal} not-found, not-permitted, conflict without a candidate.
 */
export async function askAgain(ctx: Context, input: { charterId: string }): Promise<{ asked: readonly string[] }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "run-drafting", charter);
    const round = await loadRound(tx, charter.id);
    const candidate = requireCandidate(round);
    const stale = standingOf({
      participants: charter.participants,
      positions: await latestPositions(tx, round.id),
      textSha256Hex: candidate.textSha256Hex,
    }).STALE;
    if (stale.length === 0) return { asked: [] };
    await tx.charterVersion.update({ where: { id: candidate.id }, data: { askedAgainAt: ctx.now } });
    const from = `${person.name}, ${await organizationName(tx, organizationId)}`;
    const ids = stale.map((one) => one.organizationId);
    for (const { email } of await listAddressees(tx, ids, ["representative"])) {
      await enqueueMail(tx, {
        kind: "position-asked-again",
        to: email,
        content: {
          subject: `Your position is asked again: ${charter.title}`.slice(0, 200),
          from,
          paragraphs: [
            `The text of “${charter.title}” has changed since your organization took its position, so that position no longer counts.`,
            "Read what changed and take a position on the text as it is now.",
          ],
          action: { label: "Read the candidate", path: `/drafts/${charter.id}/candidate` },
        },
      });
    }
    return { asked: stale.map((one) => one.name) };
  });
}
