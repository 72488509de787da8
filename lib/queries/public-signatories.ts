import type { Context } from "#lib/data/context.ts";
import { countSignatories, endOfDay, type Signatory, signatoriesAsOf } from "#lib/domain/signatory-list.ts";
import { type Facets, facetsOf, filterRows, type SignatoryRow, sortRows } from "#lib/domain/signatory-rows.ts";
import { loadPresentList, loadPublicActs } from "./public-acts.ts";
import { loadPublicCharter, type PublicCharter } from "./public-charter.ts";
import { decodeCursor, encodeCursor, pageOf } from "./public-cursor.ts";
import { loadCurrentNames, rowsOf } from "./public-names.ts";
import { QueryRefusal, type SignatoryQuery } from "./public-query.ts";
import { loadVersionText } from "./public-version.ts";

/** How many organizations one page of the list shows. */
export const signatoryPageSize = 100;

/** A page of the list of signatories, with what the controls above it show. */
export type PublicSignatories = {
  readonly charter: PublicCharter;
  /** The instant the list stands for; what became public later is not in it. */
  readonly asOf: Date;
  /** The present day in UTC, the latest one that can be asked for. */
  readonly today: string;
  /** All organizations ever on the list by then, those that pass the filters, and the rows of this page. */
  readonly total: number;
  readonly matching: number;
  readonly rows: readonly SignatoryRow[];
  readonly counts: { readonly signatories: number; readonly withdrawn: number };
  readonly facets: Facets;
  readonly nextCursor: string | null;
  /** Numbers of the clauses that rows of this page reserve, by version and clause id ("1 38f6b83e2dc1"). */
  readonly clauseNumbers: ReadonlyMap<string, string>;
  /** Of a list of the past: which of its signatures were entered in error, as was found later and when; by act id. */
  readonly voidSince: ReadonlyMap<string, Date>;
};

/**
 * The list of signatories as of an instant: filtered, sorted, and one page of it; `pageSize` of Infinity gives all rows.
 *
 * @throws {Refusal} not-found; malformed for an instant to come and for a cursor of another list.
 */
export async function loadPublicSignatories(
  ctx: Context,
  slug: string,
  query: SignatoryQuery,
  pageSize: number = signatoryPageSize,
): Promise<PublicSignatories> {
  const charter = await loadPublicCharter(ctx, slug);
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const asOf = cursor?.at ?? instantOf(query.asOf, ctx.now);
  if (asOf > ctx.now) throw new QueryRefusal("cursor", "cursor: This is not a cursor that an earlier page gave.");
  const [list, names] = await Promise.all([
    asOf === ctx.now
      ? loadPresentList(ctx.db, charter.id, asOf)
      : loadPublicActs(ctx.db, charter.id).then((acts) => signatoriesAsOf(acts, asOf)),
    loadCurrentNames(ctx.db, charter.id),
  ]);
  const all = rowsOf(list, names);
  const matching = sortRows(filterRows(all, query), query.sort);
  const page = pageOf(matching, (row) => row.organizationId, cursor?.after, pageSize);
  return {
    charter,
    asOf,
    today: ctx.now.toISOString().slice(0, 10),
    total: all.length,
    matching: matching.length,
    rows: page.rows,
    counts: countSignatories(list),
    facets: facetsFor(all, query),
    clauseNumbers: await clauseNumbersOf(
      ctx,
      charter.versions,
      page.rows.flatMap((row) => row.periods),
    ),
    voidSince: asOf === ctx.now ? new Map() : await voidAfter(ctx, charter.id, asOf),
    nextCursor: page.last === null ? null : encodeCursor({ at: asOf, after: page.last }),
  };
}

const facetsByRows = new WeakMap<readonly SignatoryRow[], Facets>();

/** The facets of the whole list are counted once for as long as its rows stay the same, whatever its order and page. */
function facetsFor(all: readonly SignatoryRow[], query: SignatoryQuery): Facets {
  const { sort: _sort, asOf: _asOf, cursor: _cursor, ...filter } = query;
  if (Object.values(filter).some((value) => value !== undefined)) return facetsOf(all, filter);
  const facets = facetsByRows.get(all) ?? facetsOf(all, filter);
  facetsByRows.set(all, facets);
  return facets;
}

/** The numbers of a charter's clauses by version and clause id, of the versions to which one of these made a reservation. */
export async function clauseNumbersOf(
  ctx: Context,
  versions: readonly { readonly id: string; readonly number: number; readonly sha256Hex: string }[],
  periods: readonly Signatory[],
): Promise<ReadonlyMap<string, string>> {
  const reserved = new Set(periods.filter((one) => one.reservations.length > 0).map((one) => one.versionNumber));
  const numbers = new Map<string, string>();
  for (const version of versions.filter((one) => reserved.has(one.number))) {
    const { clauseHashes } = await loadVersionText(ctx.db, version);
    for (const { id, number } of clauseHashes) numbers.set(`${version.number} ${id}`, number);
  }
  return numbers;
}

async function voidAfter(ctx: Context, charterId: string, asOf: Date): Promise<ReadonlyMap<string, Date>> {
  const acts = await loadPublicActs(ctx.db, charterId);
  return new Map(
    acts.flatMap(({ payload, publishedAt }) =>
      payload.kind === "void" && publishedAt > asOf && publishedAt <= ctx.now
        ? [[payload.signActId, publishedAt] as const]
        : [],
    ),
  );
}

/** "As of" a day means the end of that day in UTC; of today, and without a day, it means now. */
function instantOf(asOf: string | undefined, now: Date): Date {
  if (asOf === undefined) return now;
  const isDay = asOf.length === 10;
  const instant = isDay ? endOfDay(asOf) : new Date(asOf);
  if (isDay && asOf === now.toISOString().slice(0, 10)) return now;
  if (instant <= now) return instant;
  throw new QueryRefusal("asOf", "asOf: The list can be shown as of today or an earlier day.");
}
