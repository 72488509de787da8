import type { Db } from "#lib/data/store.ts";
import { ActPayload } from "#lib/domain/acts.ts";
import { type PublicAct, type Signatory, signatoriesAsOf } from "#lib/domain/signatory-list.ts";

/** How many acts a process keeps in memory; about a kilobyte each. */
const keptActsMax = 60_000;

type Kept = { readonly acts: PublicAct[]; list?: KeptList };
type KeptList = {
  readonly count: number;
  readonly from: Date;
  readonly until: number;
  readonly list: readonly Signatory[];
};
const keptByDb = new WeakMap<Db, Map<string, Kept>>();

/**
 * The public acts of a charter in the order of their numbers. Public acts are append-only and numbered without a gap, so
 * what was read once stays true: only acts with higher numbers are read again. The caller must not change the list.
 */
export async function loadPublicActs(db: Db, charterId: string): Promise<readonly PublicAct[]> {
  const kept = keptOf(db);
  const known = kept.get(charterId) ?? { acts: [] };
  const from = known.acts.length;
  const added = await readActs(db, charterId, from);
  // Another request may have read the same acts meanwhile; only what continues the list without a gap is kept.
  for (const act of added) if (act.number === known.acts.length + 1) known.acts.push(act);
  kept.delete(charterId);
  kept.set(charterId, known);
  evict(kept);
  return known.acts;
}

/**
 * The list of signatories of a charter as of `now`. The projection is kept for as long as no act comes and no date passes
 * that would change it, because every page of a charter starts from it.
 */
export async function loadPresentList(db: Db, charterId: string, now: Date): Promise<readonly Signatory[]> {
  const acts = await loadPublicActs(db, charterId);
  const kept = keptOf(db).get(charterId);
  const known = kept?.list;
  if (known && known.count === acts.length && known.from <= now && now.getTime() < known.until) return known.list;
  const list = signatoriesAsOf(acts, now);
  const ahead = [...acts.map((act) => act.publishedAt), ...list.map((entry) => entry.withdrawsAt)];
  let until = Number.POSITIVE_INFINITY;
  for (const date of ahead) if (date && date > now) until = Math.min(until, date.getTime());
  if (kept?.acts === acts) kept.list = { count: acts.length, from: now, until, list };
  return list;
}

/** One row of `act_publication` with its act, as every reader of public acts selects it. */
export const publicationSelect = {
  number: true,
  publishedAt: true,
  act: { select: { id: true, versionId: true, payload: true } },
} as const;

type ActRow = Omit<PublicAct, "payload"> & { readonly payload: unknown };

/**
 * Reads the acts behind the first `from`, whatever is kept. In one plain query: the first reader of a long list after a
 * start waits for it, and putting rows together in the client took four times as long.
 */
async function readActs(db: Db, charterId: string, from: number): Promise<PublicAct[]> {
  const rows = await db.$queryRaw<ActRow[]>`
    SELECT a.id::text AS "actId", p.number, coalesce(v.number, 0) AS "versionNumber", p.published_at AS "publishedAt", a.payload
    FROM act_publication p JOIN act a ON a.id = p.act_id LEFT JOIN charter_version v ON v.id = a.version_id
    WHERE p.charter_id = ${charterId}::uuid AND p.number > ${from}
    ORDER BY p.number`;
  return rows.map((row) => ({ ...row, payload: ActPayload.parse(row.payload) }));
}

function keptOf(db: Db): Map<string, Kept> {
  const kept = keptByDb.get(db) ?? new Map<string, Kept>();
  keptByDb.set(db, kept);
  return kept;
}

/** Forgets the charters that were asked for longest ago; the one asked for last always stays. */
function evict(kept: Map<string, Kept>): void {
  let total = 0;
  for (const one of kept.values()) total += one.acts.length;
  for (const [id, one] of kept) {
    if (total <= keptActsMax || kept.size === 1) return;
    kept.delete(id);
    total -= one.acts.length;
  }
}
