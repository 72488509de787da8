import { insertAct } from "#lib/data/acts.ts";
import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { latestPositions, loadRound, requireCandidate } from "#lib/data/draft-rounds.ts";
import { transaction } from "#lib/data/store.ts";
import type { AdoptionRecord } from "#lib/domain/acts.ts";
import { evaluateAdoption, type Standing } from "#lib/domain/adoption.ts";
import { nextState } from "#lib/domain/draft-round.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

/**
 * Adopts the candidate by the charter's rule, evaluated on the positions as they stand in this transaction. The names of
 * who stood where stay with the version, for the organizations at the table; the act says the rule and the counts.
 * Safe to retry: a version that is adopted already is given back.
 *
 * @throws {Refusal} not-found, not-permitted, conflict without that candidate, not-adopted with what is missing.
 */
export async function adoptCandidate(
  ctx: Context,
  input: { charterId: string; versionId: string },
): Promise<{ versionId: string; outcome: string }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "record-adoption", charter);
    const round = await loadRound(tx, charter.id);
    if (round.state === "ADOPTED" && round.version?.id === input.versionId) {
      return { versionId: input.versionId, outcome: "Adopted already." };
    }
    const candidate = requireCandidate(round);
    if (candidate.id !== input.versionId) {
      throw new Refusal("text-changed", "The candidate was replaced meanwhile; look at the new one.");
    }
    const rule = charter.policy.adoptionRule;
    const evaluation = evaluateAdoption({
      rule,
      textSha256Hex: candidate.textSha256Hex,
      participants: charter.participants,
      positions: await latestPositions(tx, round.id),
      isAskedAgain: candidate.askedAgainAt !== null,
    });
    if (!evaluation.adopted) throw new Refusal("not-adopted", evaluation.missing.join(" "));
    const { outcome } = evaluation;
    const adoption: AdoptionRecord = { rule, outcome, positions: namedPositions(evaluation.standing) };
    await tx.charterVersion.update({
      where: { id: candidate.id },
      data: { state: "ADOPTED", adoptedAt: ctx.now, adoption },
    });
    await tx.draftRound.update({
      where: { id: round.id },
      data: { state: nextState(round.state, "adopt"), closedAt: ctx.now, closedBy: person.userId },
    });
    await tx.charter.update({ where: { id: charter.id }, data: { title: candidate.title } });
    await insertAct(tx, {
      charterId: charter.id,
      versionId: candidate.id,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: {
        kind: "adopt",
        versionSha256: candidate.sha256Hex,
        number: candidate.number,
        adoptedAt: ctx.now.toISOString(),
        // The policy promises that positions stay at the table; and who accepted a text must not look like a signatory.
        adoption: { rule, outcome, positions: [] },
      },
    });
    return { versionId: candidate.id, outcome };
  });
}

function namedPositions(standing: Standing): AdoptionRecord["positions"] {
  return Object.entries(standing).flatMap(([value, list]) =>
    list.map(({ organizationId, name }) => ({ organizationId, name, value: value === "STALE" ? "NONE" : value })),
  );
}
