import type { Context } from "#lib/data/context.ts";
import { publicVersionWhere } from "./public-charter.ts";

/** How many addresses one sitemap may list. Source: sitemaps.org. */
const addressesMax = 50_000;

/** The paths of all public pages: the site's own, then charters, then organizations on their lists. */
export async function loadSitemap(ctx: Context): Promise<string[]> {
  const charters = await ctx.db.charter.findMany({
    where: { visibility: "PUBLIC", slug: { not: null }, versions: { some: publicVersionWhere } },
    orderBy: { slug: "asc" },
    select: { slug: true },
  });
  const organizations = await ctx.db.$queryRaw<{ slug: string }[]>`
    SELECT o.slug FROM organization o
    WHERE o.slug IS NOT NULL AND EXISTS (
      SELECT 1 FROM act a JOIN act_publication p ON p.act_id = a.id JOIN charter c ON c.id = a.charter_id
      WHERE a.organization_id = o.id AND a.kind = 'sign' AND c.visibility = 'PUBLIC')
    ORDER BY o.slug`;
  return [
    "/",
    "/charters",
    "/verify",
    ...charters.flatMap(({ slug }) => [`/c/${slug}`, `/c/${slug}/signatories`, `/c/${slug}/notifications`]),
    ...organizations.map(({ slug }) => `/o/${slug}`),
  ].slice(0, addressesMax);
}
