import type { Context } from "#lib/data/context.ts";
import { requireOnInstallation } from "#lib/domain/rights.ts";
import { listRecordSignatures, type RecordSignature, signersNamed } from "./record-signatures.ts";

/** An organization as an operator finds it. */
export type FoundOrganization = {
  readonly id: string;
  readonly displayName: string;
  readonly legalName: string;
  readonly successor: string | null;
  readonly signatures: readonly RecordSignature[];
};

/** A public version whose clauses can be withheld. */
export type FoundVersion = {
  readonly id: string;
  readonly title: string;
  readonly number: number;
  readonly slug: string;
};

/** What an operator can say about the public record. */
export type OperatorRecord = {
  /** Signatures under review, the longest first. */
  readonly disputed: readonly (RecordSignature & { readonly reason: string; readonly since: Date })[];
  readonly found: readonly FoundOrganization[];
  /** Every organization that can be named as a successor, by name; only while something is looked for. */
  readonly successors: readonly { readonly id: string; readonly name: string }[];
  readonly versions: readonly FoundVersion[];
};

/**
 * The record for an operator; `search` finds organizations by a part of their names, also of those they signed under.
 *
 * @throws {Refusal} not-signed-in; not-found for everyone else.
 */
export async function loadOperatorRecord(ctx: Context, search: string): Promise<OperatorRecord> {
  requireOnInstallation(ctx.actor, "examine-signatures");
  return {
    disputed: await listDisputed(ctx),
    found: search.trim() === "" ? [] : await findOrganizations(ctx, search.trim().slice(0, 100)),
    successors: search.trim() === "" ? [] : await listSuccessors(ctx),
    versions: await listVersions(ctx),
  };
}

/** The signatures under review, the longest first; of some charters alone, or of all. It tells nothing of rights: the caller asks first. */
export async function listDisputed(ctx: Context, charterIds?: readonly string[]): Promise<OperatorRecord["disputed"]> {
  const among = charterIds === undefined ? {} : { version: { charterId: { in: [...charterIds] } } };
  const rows = await ctx.db.signature.findMany({
    where: { status: "DISPUTED", ...among },
    select: { organizationId: true, signActId: true },
  });
  const ids = [...new Set(rows.map((row) => row.organizationId))];
  const disputed = new Set(rows.map((row) => row.signActId));
  const all = (await listRecordSignatures(ctx, ids, 1000)).filter((one) => disputed.has(one.signActId));
  const acts = await ctx.db.act.findMany({
    where: { kind: "dispute", organizationId: { in: ids } },
    orderBy: { at: "asc" },
    select: { at: true, payload: true },
  });
  // The latest dispute of a signature is the one under review.
  const said = new Map(
    acts.flatMap(({ at, payload }) =>
      typeof payload === "object" && payload !== null && "signActId" in payload && "reason" in payload
        ? [[String(payload.signActId), { since: at, reason: String(payload.reason) }] as const]
        : [],
    ),
  );
  return all
    .map((one) => ({ ...one, reason: "", since: one.signedAt, ...said.get(one.signActId) }))
    .sort((left, right) => left.since.getTime() - right.since.getTime());
}

async function findOrganizations(ctx: Context, search: string): Promise<FoundOrganization[]> {
  const contains = { contains: search.replace(/[%_\\]/g, "\\$&"), mode: "insensitive" } as const;
  const rows = await ctx.db.organization.findMany({
    where: {
      OR: [{ legalName: contains }, { displayName: contains }, { id: { in: await signersNamed(ctx, search) } }],
    },
    orderBy: { displayName: "asc" },
    take: 10,
    select: { id: true, displayName: true, legalName: true, succeededById: true },
  });
  const heirs = await ctx.db.organization.findMany({
    where: { id: { in: rows.flatMap((row) => row.succeededById ?? []) } },
    select: { id: true, displayName: true },
  });
  const found: FoundOrganization[] = [];
  for (const { succeededById, ...row } of rows) {
    const successor = heirs.find((one) => one.id === succeededById)?.displayName ?? null;
    found.push({ ...row, successor, signatures: await listRecordSignatures(ctx, [row.id], 50) });
  }
  return found;
}

async function listSuccessors(ctx: Context): Promise<OperatorRecord["successors"]> {
  const rows = await ctx.db.organization.findMany({
    where: { succeededById: null, suspendedAt: null },
    orderBy: { displayName: "asc" },
    take: 2000,
    select: { id: true, displayName: true, legalName: true },
  });
  return rows.map(({ id, displayName, legalName }) => ({
    id,
    name: displayName === legalName ? displayName : `${displayName} (${legalName})`,
  }));
}

async function listVersions(ctx: Context): Promise<FoundVersion[]> {
  const rows = await ctx.db.charterVersion.findMany({
    where: { openedAt: { not: null }, charter: { slug: { not: null }, visibility: "PUBLIC" } },
    orderBy: { openedAt: "desc" },
    take: 200,
    select: { id: true, title: true, number: true, charter: { select: { slug: true } } },
  });
  return rows.map(({ charter, ...row }) => ({ ...row, slug: charter.slug ?? "" }));
}
