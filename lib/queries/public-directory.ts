import type { Context } from "#lib/data/context.ts";
import type { Db } from "#lib/data/store.ts";
import { CharterPolicy } from "#lib/domain/policy.ts";
import { fold } from "#lib/domain/signatory-rows.ts";
import { type VersionState, versionStatusSentence } from "#lib/domain/version-status.ts";
import { encodeHex } from "#lib/ledger/hash.ts";
import { currentVersion, publicVersionWhere, readState, versionSelect } from "./public-charter.ts";
import { decodeCursor, encodeCursor, pageOf } from "./public-cursor.ts";
import type { DirectoryQuery } from "./public-query.ts";

/** How many charters one page of the directory shows. */
export const directoryPageSize = 50;

/** One charter in the directory. */
export type DirectoryEntry = {
  readonly slug: string;
  readonly title: string;
  readonly purpose: string;
  readonly displayType: string;
  readonly convenor: string;
  readonly publishedAt: Date | null;
  readonly state: VersionState;
  readonly versionNumber: number;
  readonly sha256Hex: string;
  readonly signatories: number;
  readonly status: string;
};

/** A page of the directory; `total` counts all public charters, `matching` those that pass the filters. */
export type PublicDirectory = {
  readonly total: number;
  readonly matching: number;
  readonly entries: readonly DirectoryEntry[];
  readonly nextCursor: string | null;
};

/**
 * The public charters, the newest first.
 *
 * @throws {Refusal} malformed for a cursor of another list.
 */
export async function loadPublicDirectory(
  ctx: Context,
  query: DirectoryQuery,
  pageSize: number = directoryPageSize,
): Promise<PublicDirectory> {
  const all = await loadDirectoryEntries(ctx);
  const wanted = query.q === undefined ? undefined : fold(query.q);
  const matching = all.filter(
    (entry) =>
      (query.status === undefined || groupOf(entry.state) === query.status) &&
      (wanted === undefined || fold(`${entry.title}\n${entry.purpose}\n${entry.convenor}`).includes(wanted)),
  );
  const cursor = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const page = pageOf(matching, (entry) => entry.slug, cursor?.after, pageSize);
  return {
    total: all.length,
    matching: matching.length,
    entries: page.rows,
    nextCursor: page.last === null ? null : encodeCursor({ at: ctx.now, after: page.last }),
  };
}

/** Every public charter with its current version, the newest first. */
export async function loadDirectoryEntries(ctx: Context): Promise<DirectoryEntry[]> {
  const [charters, counts] = await Promise.all([charterRows(ctx.db), countsByVersion(ctx.db, ctx.now)]);
  const convenors = await ctx.db.organization.findMany({
    where: { id: { in: [...new Set(charters.map((charter) => charter.convenorOrganizationId))] } },
    select: { id: true, displayName: true },
  });
  const names = new Map(convenors.map((one) => [one.id, one.displayName]));
  return charters.flatMap((charter) => {
    if (charter.slug === null || charter.versions.length === 0) return [];
    const current = currentVersion(charter.versions.map((row) => ({ ...row, state: readState(row.state) })));
    const count = counts.get(current.id) ?? { signatories: 0, withdrawn: 0 };
    const { signatoryLabel } = CharterPolicy.parse(charter.policy);
    return {
      slug: charter.slug,
      title: current.title,
      purpose: charter.purpose,
      displayType: charter.displayType,
      convenor: names.get(charter.convenorOrganizationId) ?? "",
      publishedAt: charter.publishedAt,
      state: current.state,
      versionNumber: current.number,
      sha256Hex: encodeHex(current.sha256),
      signatories: count.signatories,
      status: versionStatusSentence({ ...current, ...count, label: signatoryLabel }),
    };
  });
}

/** The groups the directory is filtered by. */
export function groupOf(state: VersionState): "open" | "in-effect" | "closed" {
  if (state === "IN_EFFECT") return "in-effect";
  return state === "OPEN" ? "open" : "closed";
}

async function charterRows(db: Db) {
  return db.charter.findMany({
    where: { visibility: "PUBLIC", slug: { not: null } },
    orderBy: [{ publishedAt: "desc" }, { slug: "asc" }],
    select: {
      slug: true,
      purpose: true,
      displayType: true,
      publishedAt: true,
      policy: true,
      convenorOrganizationId: true,
      versions: { where: publicVersionWhere, orderBy: { number: "asc" }, select: versionSelect },
    },
  });
}

type Counts = { readonly signatories: number; readonly withdrawn: number };

/**
 * The same counts as `countSignatories(signatoriesAsOf(acts, now))` for every version at once, in the database: reading
 * all acts of all charters for one page would not stay flat. A test holds the two together.
 */
async function countsByVersion(db: Db, now: Date): Promise<Map<string, Counts>> {
  const rows = await db.$queryRaw<({ versionId: string } & Counts)[]>`
    WITH said AS (
      SELECT a.payload->>'signActId' AS sign_act_id, a.kind, p.number, a.payload->>'effectiveOn' AS effective_on,
        a.payload->>'successorId' AS successor_id
      FROM act_publication p JOIN act a ON a.id = p.act_id
      WHERE p.published_at <= ${now} AND a.kind IN
        ('withdraw', 'revoke-withdrawal', 'dispute', 'dispute-settled', 'void', 'lapse', 'succession')),
    notice AS (
      SELECT DISTINCT ON (sign_act_id) * FROM said WHERE kind IN ('withdraw', 'revoke-withdrawal')
      ORDER BY sign_act_id, number DESC),
    mark AS (
      SELECT DISTINCT ON (sign_act_id) * FROM said
      WHERE kind IN ('dispute', 'dispute-settled', 'void', 'lapse', 'succession') ORDER BY sign_act_id, number DESC),
    carried AS (
      SELECT DISTINCT ON (sign_act_id) * FROM said WHERE kind = 'succession' ORDER BY sign_act_id, number DESC),
    signature AS (
      SELECT a.version_id, coalesce(carried.successor_id, a.organization_id::text) AS holder, mark.kind AS mark,
        coalesce(notice.kind = 'withdraw' AND notice.effective_on::timestamptz <= ${now}, false) AS is_withdrawn
      FROM act_publication p JOIN act a ON a.id = p.act_id
        LEFT JOIN notice ON notice.sign_act_id = a.id::text
        LEFT JOIN mark ON mark.sign_act_id = a.id::text
        LEFT JOIN carried ON carried.sign_act_id = a.id::text
      WHERE a.kind = 'sign' AND p.published_at <= ${now} AND mark.kind IS DISTINCT FROM 'void'),
    standing AS (
      SELECT version_id, bool_or(NOT is_withdrawn AND coalesce(mark NOT IN ('dispute', 'lapse'), true)) AS stands,
        bool_or(is_withdrawn OR coalesce(mark = 'lapse', false)) AS is_gone
      FROM signature GROUP BY version_id, holder)
    SELECT version_id::text AS "versionId", (count(*) FILTER (WHERE stands))::int AS signatories,
      (count(*) FILTER (WHERE is_gone AND NOT stands))::int AS withdrawn
    FROM standing GROUP BY version_id`;
  return new Map(rows.map(({ versionId, ...counts }) => [versionId, counts]));
}
