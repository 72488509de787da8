import type { Context } from "#lib/data/context.ts";
import { loadPublicCharter, type PublicCharter } from "./public-charter.ts";
import { decodeCursor, encodeCursor } from "./public-cursor.ts";
import { type PageQuery, QueryRefusal } from "./public-query.ts";

/** How many notifications one page shows. */
export const notificationPageSize = 100;

/** The notification of one public act: `number`/`year` name it, `actNumber` counts the acts of the charter from 1. */
export type PublicNotification = {
  readonly actId: string;
  readonly actNumber: number;
  readonly number: number;
  readonly year: number;
  readonly kind: string;
  readonly title: string;
  readonly text: string;
  readonly publishedAt: Date;
};

/** A page of the notifications of a charter, the newest first. */
export type PublicNotifications = {
  readonly charter: PublicCharter;
  readonly total: number;
  readonly notifications: readonly PublicNotification[];
  readonly nextCursor: string | null;
};

/**
 * The numbered and dated notifications of a public charter.
 *
 * @throws {Refusal} not-found; malformed for a cursor of another list.
 */
export async function loadPublicNotifications(
  ctx: Context,
  slug: string,
  query: PageQuery,
  pageSize: number = notificationPageSize,
): Promise<PublicNotifications> {
  const charter = await loadPublicCharter(ctx, slug);
  const before = query.cursor === undefined ? undefined : readBefore(query.cursor);
  const [total, rows] = await Promise.all([
    ctx.db.actPublication.count({ where: { charterId: charter.id } }),
    ctx.db.actPublication.findMany({
      where: { charterId: charter.id, ...(before === undefined ? {} : { number: { lt: before } }) },
      orderBy: { number: "desc" },
      take: pageSize + 1,
      select: {
        actId: true,
        number: true,
        notificationNumber: true,
        notificationYear: true,
        title: true,
        text: true,
        publishedAt: true,
        act: { select: { kind: true } },
      },
    }),
  ]);
  const page = rows.slice(0, pageSize);
  const last = page.at(-1);
  return {
    charter,
    total,
    notifications: page.map(({ number, notificationNumber, notificationYear, act, ...rest }) => ({
      ...rest,
      actNumber: number,
      number: notificationNumber,
      year: notificationYear,
      kind: act.kind,
    })),
    nextCursor: last && rows.length > pageSize ? encodeCursor({ at: ctx.now, after: String(last.number) }) : null,
  };
}

function readBefore(cursor: string): number {
  const { after } = decodeCursor(cursor);
  if (/^[1-9]\d{0,8}$/.test(after)) return Number(after);
  throw new QueryRefusal("cursor", "cursor: This cursor belongs to another list.");
}
