import { loadCharter } from "#lib/data/charters.ts";
import type { Context } from "#lib/data/context.ts";
import { RowId } from "#lib/domain/ids.ts";
import { Refusal } from "#lib/domain/refusal.ts";
import { mayForOrganization, mayOnCharter } from "#lib/domain/rights.ts";
import { isVerified } from "#lib/domain/verification.ts";

/** The scan of an instrument as it was handed in. */
export type InstrumentFile = { readonly mediaType: string; readonly bytes: Uint8Array };

/**
 * The scan behind a signature of class C, for the depositary and the people of the organization. To everybody else it does not exist.
 *
 * @throws {Refusal} not-found.
 */
export async function loadInstrument(ctx: Context, actId: string): Promise<InstrumentFile> {
  const scan = RowId.safeParse(actId).success ? await ctx.db.instrument.findUnique({ where: { actId } }) : null;
  const act = scan && (await ctx.db.act.findUnique({ where: { id: actId } }));
  if (!scan || !act?.organizationId) throw new Refusal("not-found", "There is no such scan.");
  const isOurs = mayForOrganization(ctx.actor, "read-organization", act.organizationId);
  if (!isOurs && !mayOnCharter(ctx.actor, "record-instrument", await loadCharter(ctx.db, act.charterId))) {
    throw new Refusal("not-found", "There is no such scan.");
  }
  return { mediaType: scan.mediaType, bytes: scan.bytes };
}

/** An organization for which an instrument may be recorded. */
export type InstrumentChoice = { readonly id: string; readonly legalName: string };

/**
 * The organizations for which the depositary may record an instrument on a version: verified, without a signature that stands on it, and
 * letting paper count. Whether the charter lets each of them sign is decided when it is recorded. Null for everybody else.
 */
export async function listInstrumentChoices(
  ctx: Context,
  charterId: string,
  versionId: string,
): Promise<readonly InstrumentChoice[] | null> {
  if (!mayOnCharter(ctx.actor, "record-instrument", await loadCharter(ctx.db, charterId))) return null;
  const rows = await ctx.db.organization.findMany({
    where: {
      suspendedAt: null,
      signatures: {
        none: { versionId, status: { in: ["SEALED", "LODGED", "EFFECTIVE", "WITHDRAWING", "DISPUTED"] } },
      },
    },
    orderBy: { legalName: "asc" },
    take: 500,
    select: {
      id: true,
      legalName: true,
      suspendedAt: true,
      domains: { select: { domain: true, confirmedAt: true, lastGoodAt: true, releasedAt: true } },
      reviews: { select: { outcome: true, reviewedAt: true } },
    },
  });
  const verified = rows.filter((row) => isVerified(row, ctx.now));
  const rules = await ctx.db.evidenceRule.findMany({
    where: { organizationId: { in: verified.map(({ id }) => id) } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
    select: { organizationId: true, rule: true },
  });
  const latest = new Map(rules.map(({ organizationId, rule }) => [organizationId, rule]));
  return verified.filter(({ id }) => latest.get(id) !== "keys-only").map(({ id, legalName }) => ({ id, legalName }));
}
