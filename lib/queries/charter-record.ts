import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { requireOnCharter } from "#lib/domain/rights.ts";
import { listDisputed, type OperatorRecord } from "./operator-record.ts";
import { listRecordSignatures, type RecordSignature, signersNamed } from "./record-signatures.ts";

/** How many signatures a search shows. */
const foundMax = 20;

/** The public signatures of a charter as its depositary looks after them. */
export type CharterRecord = {
  readonly charterId: string;
  readonly search: string;
  /** Signatures under review, the longest first. */
  readonly disputed: OperatorRecord["disputed"];
  /** Those of organizations with `search` in their names; empty while nothing is looked for. */
  readonly found: readonly RecordSignature[];
};

/**
 * What the depositary of a charter can say something about; `search` finds organizations by a part of their names, also of those they signed under.
 *
 * @throws {Refusal} not-signed-in, not-found, not-permitted.
 */
export async function loadCharterRecord(ctx: Context, charterId: string, search: string): Promise<CharterRecord> {
  const charter = await loadCharter(ctx.db, charterId);
  requireOnCharter(ctx.actor, "judge-signature", charter);
  const asked = search.trim().slice(0, 100);
  return {
    charterId: charter.id,
    search: asked,
    disputed: await listDisputed(ctx, [charter.id]),
    found: asked === "" ? [] : await findSignatures(ctx, charter.id, asked),
  };
}

async function findSignatures(ctx: Context, charterId: string, search: string): Promise<RecordSignature[]> {
  const contains = { contains: search.replace(/[%_\\]/g, "\\$&"), mode: "insensitive" } as const;
  const rows = await ctx.db.organization.findMany({
    where: {
      OR: [
        { legalName: contains },
        { displayName: contains },
        { id: { in: await signersNamed(ctx, search, charterId) } },
      ],
      signatures: { some: { version: { charterId } } },
    },
    take: foundMax,
    select: { id: true },
  });
  return listRecordSignatures(
    ctx,
    rows.map((row) => row.id),
    foundMax,
    charterId,
  );
}
