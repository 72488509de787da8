import type { Context } from "#lib/data/context.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, requireForOrganization } from "#lib/domain/rights.ts";
import { listRecordSignatures, predecessorsOf, type RecordSignature } from "./record-signatures.ts";

/** A correction that the organization can object to. */
export type OpenCorrection = {
  readonly id: string;
  readonly charter: { readonly title: string; readonly slug: string };
  readonly versionNumber: number;
  readonly reason: string;
  readonly objectsUntil: Date;
};

/** What stands in the public record in an organization's name, and what it is asked about it. */
export type OrganizationRecord = {
  readonly id: string;
  readonly displayName: string;
  readonly successor: string | null;
  readonly signatures: readonly RecordSignature[];
  readonly corrections: readonly OpenCorrection[];
  readonly may: { readonly dispute: boolean; readonly declare: boolean; readonly object: boolean };
};

/** More signatures than anybody reads on one page. */
const shownMax = 500;

/**
 * The public record of an organization for its people.
 *
 * @throws {Refusal} not-signed-in, not-found.
 */
export async function loadOrganizationRecord(ctx: Context, organizationId: string): Promise<OrganizationRecord> {
  requireForOrganization(ctx.actor, "read-organization", organizationId);
  const row = await ctx.db.organization.findUnique({
    where: { id: organizationId },
    select: { displayName: true, succeededById: true },
  });
  if (!row) throw new Refusal("not-found", "There is no such organization.");
  const successor =
    row.succeededById === null
      ? null
      : await ctx.db.organization.findUnique({ where: { id: row.succeededById }, select: { displayName: true } });
  const signatures = await listRecordSignatures(ctx, await predecessorsOf(ctx, organizationId), shownMax);
  return {
    id: organizationId,
    displayName: row.displayName,
    successor: successor?.displayName ?? null,
    signatures,
    corrections: await openCorrections(ctx, signatures),
    may: {
      dispute: mayForOrganization(ctx.actor, "dispute-signature", organizationId),
      declare: mayForOrganization(ctx.actor, "declare-succession", organizationId),
      object: mayForOrganization(ctx.actor, "object-to-correction", organizationId),
    },
  };
}

async function openCorrections(ctx: Context, signatures: readonly RecordSignature[]): Promise<OpenCorrection[]> {
  const standing = signatures.filter((one) => one.isListed);
  const rows = await ctx.db.correction.findMany({
    where: {
      state: "PROPOSED",
      objectsUntil: { gt: ctx.now },
      versionId: { in: standing.map((one) => one.versionId) },
    },
    orderBy: { objectsUntil: "asc" },
    select: { id: true, versionId: true, reason: true, objectsUntil: true },
  });
  return rows.flatMap(({ versionId, ...correction }) => {
    const on = standing.find((one) => one.versionId === versionId);
    return on ? [{ ...correction, charter: on.charter, versionNumber: on.versionNumber }] : [];
  });
}
