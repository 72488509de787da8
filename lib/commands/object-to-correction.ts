import { z } from "zod";
import { insertAct, publishAct } from "#lib/data/acts.ts";
import type { Context } from "#lib/data/context.ts";
import { signatoriesOf } from "#lib/data/corrections.ts";
import { listPath, tellOrganizations } from "#lib/data/keeper-act.ts";
import { lockVersion } from "#lib/data/open-version.ts";
import { requirePublicReason } from "#lib/data/public-reason.ts";
import { transaction } from "#lib/data/store.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { requireForOrganization } from "#lib/domain/rights.ts";
import { encodeHex, sha256Hex } from "#lib/ledger/hash.ts";
import { encodeJcs } from "#lib/ledger/jcs.ts";

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
    if (ctx.now >= correction.objectsUntil) throw new Refusal("conflict", "The time for objections is over.");
    // The clock may have published it, or another signatory refused it, before we held the version.
    const { count } = await tx.correction.updateMany({
      where: { id: correctionId, state: "PROPOSED" },
      data: { state: "OBJECTED", decidedAt: ctx.now },
    });
    if (count === 0) throw new Refusal("conflict", "This correction was decided already.");
    const organization = await tx.organization.findUniqueOrThrow({
      where: { id: organizationId },
      select: { id: true, legalName: true, displayName: true, country: true, class: true, sector: true },
    });
    const actId = await insertAct(tx, {
      charterId: version.charterId,
      versionId: version.id,
      organizationId,
      userId: person.userId,
      at: ctx.now,
      payload: {
        kind: "object-correction",
        versionSha256: version.sha256Hex,
        number: version.number,
        correctionId,
        correctedSha256: encodeHex(correction.sha256),
        clausesSha256: sha256Hex(encodeJcs(correction.clauseHashes)),
        reason,
        at: ctx.now.toISOString(),
        organization: { ...organization, domain: null },
      },
    });
    await publishAct(tx, actId, ctx.now);
    await tellOrganizations(tx, signatories, "correction-refused", {
      subject: `The correction of “${version.title}” was refused`,
      from: `${organization.legalName} objected.`,
      paragraphs: [
        `The correction of version ${version.number} falls, and the text stays as it is.`,
        `The reason given: ${reason}`,
      ],
      action: { label: "See the list", path: await listPath(tx, version.charterId) },
    });
    return { actId };
  });
}
