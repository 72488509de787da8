import { z } from "zod";
import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { proposerOf, signatoriesOf } from "#lib/data/corrections.ts";
import { dropCorrection } from "#lib/data/drop-correction.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { type Tx, transaction } from "#lib/data/store.ts";
import { mayTakeBack } from "#lib/domain/correction.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";

export const TakeBackCorrection = z.strictObject({ correctionId: RowId, reason: z.string() });
export type TakeBackCorrection = z.infer<typeof TakeBackCorrection>;

/**
 * Takes a proposed correction back before it is published: by who proposed it, or, where that keeps the charter no more, by who does, and
 * then the record says so. The proposal, its text and its notification stay, and one more says that it
 * was taken back and why; every organization whose signature stands is told. Another correction can be proposed at once.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted for everybody else, malformed; conflict when its time is
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
    const proposerId = await proposerOf(tx, correction);
    if (!mayTakeBack(charter, { proposerId, organizationId })) {
      throw new Refusal("not-permitted", "Only the organization that proposed the correction can take it back.");
    }
    const reason = requirePublicReason(text);
    const former = await formerKeeper(tx, proposerId, organizationId);
    const fall = { organizationId, userId: person.userId, reason, isTakenBack: true, ...former, now: ctx.now };
    const { actId, legalName } = await dropCorrection(tx, correction, version, fall);
    const path = (await listPath(tx, version.charterId)).replace(/signatories$/, `v/${version.number}/corrections`);
    await tellOrganizations(tx, await signatoriesOf(tx, version.id), "correction-taken-back", {
      subject: `The correction of “${version.title}” was taken back`,
      from: former.proposedBy
        ? `${legalName}, which keeps the charter now, took back what ${former.proposedBy} proposed.`
        : `${legalName} took back what it proposed.`,
      paragraphs: [
        `The text of version ${version.number} stays as it is, and your organization has nothing to do.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "Read what was proposed", path },
    });
    return { actId };
  });
}

/** Who had proposed it, where that is not who takes it back: nobody is said to have taken back what it would have stood by. */
async function formerKeeper(
  tx: Tx,
  proposerId: string | null,
  organizationId: string,
): Promise<{ readonly proposedBy?: string }> {
  if (proposerId === null || proposerId === organizationId) return {};
  const { legalName } = await tx.organization.findUniqueOrThrow({
    where: { id: proposerId },
    select: { legalName: true },
  });
  return { proposedBy: legalName };
}
