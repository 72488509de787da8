import { effectIfDue } from "#lib/data/open-version.ts";
import { bumpRevisions } from "#lib/data/public-revision.ts";
import { type Db, transaction } from "#lib/data/store.ts";
import { activeSignatureStatuses } from "#lib/domain/signature.ts";

/**
 * Lets every open version take effect whose charter's rule is met: those with a date, and those whose signer's process
 * died between the signature and this. Gives back how many.
 */
export async function effectDueVersions(db: Db, now: Date): Promise<number> {
  const open = await db.charterVersion.findMany({
    where: { state: "OPEN", signatures: { some: { status: { in: [...activeSignatureStatuses] } } } },
    select: { id: true },
  });
  let effected = 0;
  for (const { id } of open) {
    if (await effectIfDue(db, id, now)) effected += 1;
  }
  return effected;
}

/** Where notice of withdrawal runs: under review and carried on by a successor, too. */
const running = ["WITHDRAWING", "DISPUTED", "SUCCEEDED_BY"];

/**
 * Marks the withdrawals whose date has come. The list says so by itself, because it is computed from the acts as of an
 * instant; this frees the organization to sign again and makes cached pages new. Gives back how many.
 */
export async function effectWithdrawals(db: Db, now: Date): Promise<number> {
  const due = await db.signature.findMany({
    where: { status: { in: [...running] }, withdrawsAt: { lte: now } },
    select: { id: true, organizationId: true, version: { select: { charterId: true } } },
  });
  let effected = 0;
  for (const { id, organizationId, version } of due) {
    effected += await transaction(db, async (tx) => {
      // The condition holds again at the write: the notice may have been taken back meanwhile.
      const { count } = await tx.signature.updateMany({
        where: { id, status: { in: [...running] }, withdrawsAt: { lte: now } },
        data: { status: "WITHDRAWN" },
      });
      const scopes = ["directory", `charter:${version.charterId}`, `organization:${organizationId}`] as const;
      if (count > 0) await bumpRevisions(tx, scopes);
      return count;
    });
  }
  return effected;
}
