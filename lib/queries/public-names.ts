import type { Db } from "#lib/data/store.ts";
import type { Signatory } from "#lib/domain/signatory-list.ts";
import { type CurrentName, type SignatoryRow, signatoryRows } from "#lib/domain/signatory-rows.ts";

/** What the organizations on a charter's list are called today, by id. */
export type CurrentNames = ReadonlyMap<string, CurrentName>;

/** How many names a process keeps in memory, over all charters. */
const keptNamesMax = 60_000;

type Kept = { readonly revision: bigint; readonly names: CurrentNames };
const keptByDb = new WeakMap<Db, Map<string, Kept>>();

/**
 * The present names of the organizations on a charter's list. They are read again when the charter's public revision has
 * moved, which every act and every renaming does; the same answer is the same object.
 */
export async function loadCurrentNames(db: Db, charterId: string): Promise<CurrentNames> {
  const kept = keptByDb.get(db) ?? new Map<string, Kept>();
  keptByDb.set(db, kept);
  // Asked before the names: what is renamed in between has moved the revision for the next reader.
  const row = await db.publicRevision.findUnique({ where: { scope: `charter:${charterId}` } });
  const known = kept.get(charterId);
  if (row && known?.revision === row.revision) return known.names;
  const names = await readNames(db, charterId);
  kept.delete(charterId);
  if (row) kept.set(charterId, { revision: row.revision, names });
  evict(kept);
  return names;
}

const rowsByList = new WeakMap<readonly Signatory[], { readonly names: CurrentNames; readonly rows: SignatoryRow[] }>();

/** The rows of a list under these names, made once for as long as both stay the same. The caller must not change them. */
export function rowsOf(list: readonly Signatory[], names: CurrentNames): readonly SignatoryRow[] {
  const known = rowsByList.get(list);
  if (known?.names === names) return known.rows;
  const rows = signatoryRows(list, names);
  rowsByList.set(list, { names, rows });
  return rows;
}

async function readNames(db: Db, charterId: string): Promise<CurrentNames> {
  const rows = await db.$queryRaw<CurrentName[]>`
    SELECT o.id::text AS id, o.slug, o.display_name AS "displayName"
    FROM organization o
    WHERE o.id IN (
      SELECT a.organization_id FROM act_publication p JOIN act a ON a.id = p.act_id
      WHERE p.charter_id = ${charterId}::uuid AND a.kind = 'sign'
      UNION
      SELECT (a.payload->>'successorId')::uuid FROM act_publication p JOIN act a ON a.id = p.act_id
      WHERE p.charter_id = ${charterId}::uuid AND a.kind = 'succession')`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Forgets the charters whose names were read longest ago; the last one always stays. */
function evict(kept: Map<string, Kept>): void {
  let total = 0;
  for (const one of kept.values()) total += one.names.size;
  for (const [id, one] of kept) {
    if (total <= keptNamesMax || kept.size === 1) return;
    kept.delete(id);
    total -= one.names.size;
  }
}
