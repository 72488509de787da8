import type { Context } from "#lib/data/context.ts";
import { findCorrectedCopy, isEndorsed } from "#lib/data/corrections.ts";
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
  /** Of these signatures those that have not endorsed the published correction of their text; by act id. */
  readonly endorsable: ReadonlySet<string>;
  readonly may: {
    readonly dispute: boolean;
    readonly declare: boolean;
    readonly object: boolean;
    readonly endorse: boolean;
  };
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
    endorsable: await findEndorsable(ctx, signatures),
    may: {
      dispute: mayForOrganization(ctx.actor, "dispute-signature", organizationId),
      declare: mayForOrganization(ctx.actor, "declare-succession", organizationId),
      object: mayForOrganization(ctx.actor, "object-to-correction", organizationId),
      endorse: mayForOrganization(ctx.actor, "endorse-correction", organizationId),
    },
  };
}

async function findEndorsable(ctx: Context, signatures: readonly RecordSignature[]): Promise<ReadonlySet<string>> {
  // What a successor carries on was not signed by it; the list shows its own word on it already.
  const standing = signatures.filter((one) => one.isListed && !one.isCarriedOn);
  const corrected = await ctx.db.correction.findMany({
    where: { state: "PUBLISHED", versionId: { in: standing.map((one) => one.versionId) } },
    select: { versionId: true },
    distinct: ["versionId"],
  });
  const found = new Set<string>();
  for (const { signActId, versionId } of standing) {
    if (!corrected.some((row) => row.versionId === versionId)) continue;
    const copy = await findCorrectedCopy(ctx.db, versionId);
    if (copy && !(await isEndorsed(ctx.db, signActId, copy.sha256Hex))) found.add(signActId);
  }
  return found;
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
