import { z } from "zod";
import type { Context } from "#lib/data/context.ts";
import { signatoriesOf } from "#lib/data/corrections.ts";
import { dropCorrection } from "#lib/data/drop-correction.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";

export const ObjectToCorrection = z.strictObject({ correctionId: RowId, organizationId: RowId, reason: z.string() });
export type ObjectToCorrection = z.infer<typeof ObjectToCorrection>;

/**
 * A signatory objects to a correction, and it falls: the text stays as it is, and who wants the change drafts a new version.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted, malformed; conflict when its time is over or it is decided.
 */
export async function objectToCorrection(ctx: Context, raw: ObjectToCorrection): Promise<{ actId: string }> {
  const { correctionId, organizationId, reason: text } = ObjectToCorrection.parse(raw);
  const person = requireForOrganization(ctx.actor, "object-to-correction", organizationId);
  const reason = requirePublicReason(text);
  return transaction(ctx.db, async (tx) => {
    const correction = await tx.correction.findUnique({ where: { id: correctionId } });
    if (!correction) throw new Refusal("not-found", "There is no such correction.");
    const version = await lockVersion(tx, correction.versionId, "update");
    const signatories = await signatoriesOf(tx, version.id);
    if (!signatories.includes(organizationId)) {
      throw new Refusal("not-permitted", "Only an organization whose signature on this version stands can object.");
    }
    const fall = { organizationId, userId: person.userId, reason, isTakenBack: false, now: ctx.now };
    const { actId, legalName } = await dropCorrection(tx, correction, version, fall);
    await tellOrganizations(tx, signatories, "correction-refused", {
      subject: `The correction of “${version.title}” was refused`,
      from: `${legalName} objected.`,
      paragraphs: [
        `The correction of version ${version.number} falls, and the text stays as it is.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "See the list", path: await listPath(tx, version.charterId) },
    });
    return { actId };
  });
}
