import { loadCharterForUpdate } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { latestPositions, loadRound, requireCandidate } from "#lib/data/draft-rounds.ts";
import { transaction } from "#lib/data/store.ts";
import type { PositionValue } from "#lib/domain/adoption.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { visibleText } from "#lib/domain/visible-text.ts";
import { decodeHex } from "#lib/ledger/hash.ts";

/** An organization's position on one candidate. `versionId` is the candidate that the person has read. */
export type NewPosition = {
  readonly charterId: string;
  readonly versionId: string;
  readonly value: PositionValue;
  readonly reason: string;
  readonly remedy: string;
};

/**
 * Takes the position of the actor's organization on the candidate, in place of its former one. An objection says why and
 * what would remedy it; other positions ask for no remedy. Safe to retry: the same position on the same text is not written twice.
 *
 * @throws {Refusal} not-found, not-permitted, conflict without a candidate, text-changed, malformed.
 */
export async function takePosition(ctx: Context, input: NewPosition): Promise<{ at: Date }> {
  return transaction(ctx.db, async (tx) => {
    const charter = await loadCharterForUpdate(tx, input.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "submit-position", charter);
    const round = await loadRound(tx, charter.id);
    const candidate = requireCandidate(round);
    if (candidate.id !== input.versionId) {
      throw new Refusal(
        "text-changed",
        "The candidate was replaced meanwhile; read the new text and take your position on it.",
      );
    }
    const reason = visibleText(input.reason).trim().slice(0, 4_000);
    // Who no longer objects asks for nothing: a remedy left in the form must not stand beside "Agree".
    const remedy = input.value === "OBJECT" ? visibleText(input.remedy).trim().slice(0, 4_000) : "";
    if (input.value === "OBJECT" && (reason === "" || remedy === "")) {
      throw new Refusal("malformed", "An objection needs its reason and what would remedy it.");
    }
    const earlier = (await latestPositions(tx, round.id)).find((one) => one.organizationId === organizationId);
    const isSame =
      earlier?.versionId === candidate.id &&
      earlier.value === input.value &&
      earlier.reason === reason &&
      earlier.remedy === remedy;
    if (isSame) return { at: earlier.at };
    await tx.position.create({
      data: {
        draftRoundId: round.id,
        versionId: candidate.id,
        organizationId,
        userId: person.userId,
        value: input.value,
        reason,
        remedy,
        textSha256: Uint8Array.from(decodeHex(candidate.textSha256Hex)),
        at: ctx.now,
      },
    });
    return { at: ctx.now };
  });
}
