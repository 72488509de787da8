import { z } from "zod";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { proposerOf, signatoriesOf } from "#lib/data/corrections.ts";
import { dropCorrection } from "#lib/data/drop-correction.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { mayTakeBack } from "#lib/domain/correction.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

export const TakeBackCorrection = z.strictObject({ correctionId: RowId, reason: z.string() });
export type TakeBackCorrection = z.infer<typeof TakeBackCorrection>;

/**
 * Takes a proposed correction back before it is published. The proposal, its text and its notification stay, and one more says that it
 * was taken back and why; every organization whose signature stands is told. Another correction can be proposed at once.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted for everybody but who proposed it, malformed; conflict when its time is
 *   over or it is decided.
 */
export async function takeBackCorrection(ctx: Context, raw: TakeBackCorrection): Promise<{ actId: string }> {
  const { correctionId, reason: text } = TakeBackCorrection.parse(raw);
  return transaction(ctx.db, async (tx) => {
    const correction = await tx.correction.findUnique({ where: { id: correctionId } });
    if (!correction) throw new Refusal("not-found", "There is no such correction.");
    const version = await lockVersion(tx, correction.versionId, "update");
    const charter = await loadCharter(tx, version.charterId);
    const { person, organizationId } = requireOnCharter(ctx.actor, "propose-correction", charter);
    if (!mayTakeBack(charter, { proposerId: await proposerOf(tx, correction), organizationId })) {
      throw new Refusal("not-permitted", "Only the organization that proposed the correction can take it back.");
    }
    const reason = requirePublicReason(text);
    const fall = { organizationId, userId: person.userId, reason, isTakenBack: true, now: ctx.now };
    const { actId, legalName } = await dropCorrection(tx, correction, version, fall);
    const path = (await listPath(tx, version.charterId)).replace(/signatories$/, `v/${version.number}/corrections`);
    await tellOrganizations(tx, await signatoriesOf(tx, version.id), "correction-taken-back", {
      subject: `The correction of “${version.title}” was taken back`,
      from: `${legalName} took back what was proposed.`,
      paragraphs: [
        `The text of version ${version.number} stays as it is, and your organization has nothing to do.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "Read what was proposed", path },
    });
    return { actId };
  });
}
