import type { MetadataRoute } from "next";
import { sharedSite } from "#lib/config/site.ts";

export const dynamic = "force-dynamic";

/** Search engines may read what is public; a demo world is not for them. */
export default function robots(): MetadataRoute.Robots {
  const { publicUrl, isDemo } = sharedSite();
  if (isDemo) return { rules: { userAgent: "*", disallow: "/" } };
  return {
    rules: {
      userAgent: "*",
      allow: "/",
      disallow: ["/home", "/account", "/drafts/", "/sign/", "/signin", "/api/auth/"],
    },
    sitemap: `${publicUrl}/sitemap.xml`,
  };
}
