import type { MetadataRoute } from "next";
import { contextFor } from "#app/_server/context.ts";
import { sharedSite } from "#lib/config/site.ts";
import { loadSitemap } from "#lib/queries/public-sitemap.ts";

export const dynamic = "force-dynamic";

/** Every public address a search engine should know, and no other. */
export default async function sitemap(): Promise<MetadataRoute.Sitemap> {
  const { publicUrl } = sharedSite();
  const addresses = await loadSitemap(contextFor({ kind: "visitor" }));
  return addresses.map((path) => ({ url: `${publicUrl}${path}` }));
}
