import type { Context } from "#lib/data/context.ts";
import { lastSuccessor } from "#lib/data/keeper-act.ts";
import { parseSignatureStatus } from "#lib/data/signatures.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { isListed, type SignatureStatus } from "#lib/domain/signature.ts";
import { declarationEnd } from "#lib/domain/succession.ts";

/** A public signature as those see it who can say something about it. */
export type RecordSignature = {
  readonly signActId: string;
  readonly charter: { readonly title: string; readonly slug: string };
  readonly versionId: string;
  readonly versionNumber: number;
  /** The legal name it was signed under. */
  readonly signedBy: string;
  readonly carriedBy: string | null;
  readonly signedAt: Date;
  readonly status: SignatureStatus;
  /** Whether it stands, disputed or not: what has ended is not disputed, annulled or carried on. */
  readonly isListed: boolean;
  /** A succession that waits for the successor's word, and until when; null without one. */
  readonly waitsUntil: Date | null;
  /** Whether a successor carries it on, and can let it end. */
  readonly isCarriedOn: boolean;
};

/**
 * The public signatures of organizations, own and carried on, the newest first; of one charter alone where it is named. Sealed ones are not public and not among them. It
 * tells nothing of rights: the caller asks first.
 */
export async function listRecordSignatures(
  ctx: Context,
  organizationIds: readonly string[],
  take: number,
  charterId?: string,
): Promise<RecordSignature[]> {
  const ids = [...organizationIds];
  const rows = await ctx.db.signature.findMany({
    where: {
      status: { notIn: ["SEALED", "LODGED", "RETRACTED", "RETURNED"] },
      OR: [{ organizationId: { in: ids } }, { succeededBy: { in: ids } }],
      version: { charter: { slug: { not: null }, ...(charterId === undefined ? {} : { id: charterId }) } },
    },
    orderBy: { signedAt: "desc" },
    take,
    select: {
      signActId: true,
      status: true,
      signedAt: true,
      succeededBy: true,
      organizationId: true,
      versionId: true,
      organization: { select: { legalName: true } },
      version: { select: { number: true, title: true, charter: { select: { slug: true } } } },
    },
  });
  const carriers = await ctx.db.organization.findMany({
    where: { id: { in: rows.map((row) => row.succeededBy ?? row.organizationId) } },
    select: { id: true, displayName: true, succeededAt: true },
  });
  const acts = await ctx.db.act.findMany({
    where: { id: { in: rows.map((row) => row.signActId) } },
    select: { id: true, payload: true },
  });
  // The list says how it was signed; a later name of the organization has an act of its own.
  const signedAs = new Map(
    acts.flatMap(({ id, payload }) => {
      const act = ActPayload.parse(payload);
      return "organization" in act ? [[id, act.organization.legalName] as const] : [];
    }),
  );
  return rows.map((row) => {
    const status = parseSignatureStatus(row.status);
    const carrier = carriers.find((one) => one.id === (row.succeededBy ?? row.organizationId));
    return {
      signActId: row.signActId,
      charter: { title: row.version.title, slug: row.version.charter.slug ?? "" },
      versionId: row.versionId,
      versionNumber: row.version.number,
      signedBy: signedAs.get(row.signActId) ?? row.organization.legalName,
      carriedBy: row.succeededBy === null ? null : (carrier?.displayName ?? null),
      signedAt: row.signedAt,
      status,
      isListed: isListed(status),
      waitsUntil: carrier?.succeededAt && isListed(status) ? declarationEnd(carrier.succeededAt) : null,
      isCarriedOn: row.succeededBy !== null,
    };
  });
}

/**
 * The organizations that signed in public under a name with `search` in it, whatever they are called today; on one charter
 * alone where it is named. It tells nothing of rights: the caller asks first.
 */
export async function signersNamed(ctx: Context, search: string, charterId?: string): Promise<string[]> {
  const pattern = `%${search.replace(/[%_\\]/g, "\\$&")}%`;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a.organization_id::text AS id FROM act a JOIN act_publication p ON p.act_id = a.id
    WHERE a.kind = 'sign' AND a.organization_id IS NOT NULL AND (${charterId ?? null}::uuid IS NULL OR a.charter_id = ${charterId ?? null}::uuid)
      AND (a.payload->'organization'->>'legalName' ILIKE ${pattern} OR a.payload->'organization'->>'displayName' ILIKE ${pattern})
    LIMIT 100`;
  return rows.map((row) => row.id);
}

/** The organizations whose place this one has taken, itself among them. */
export async function predecessorsOf(ctx: Context, organizationId: string): Promise<string[]> {
  const found = new Set([organizationId]);
  for (let next = [organizationId]; next.length > 0; ) {
    const rows = await ctx.db.organization.findMany({ where: { succeededById: { in: next } }, select: { id: true } });
    next = rows.map((row) => row.id).filter((id) => !found.has(id));
    for (const id of next) found.add(id);
  }
  return (await lastSuccessor(ctx.db, organizationId)) === organizationId ? [...found] : [];
}
