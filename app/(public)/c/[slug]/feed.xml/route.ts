import { Feed } from "feed";
import { contextFor } from "#app/_server/context.ts";
import { sharedSite } from "#lib/config/site.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { publicAnswer } from "../../../_parts/public-answer.ts";

export const dynamic = "force-dynamic";

/** The notifications of a charter as an Atom feed. Source: RFC 4287. */
export async function GET(_request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  const { slug } = await params;
  return publicAnswer(async () => {
    const { charter, notifications } = await loadPublicNotifications(contextFor({ kind: "visitor" }), slug, {});
    const { publicUrl } = sharedSite();
    const address = `${publicUrl}/c/${slug}`;
    const feed = new Feed({
      title: plain(charter.title),
      description: plain(charter.current.status),
      id: `urn:uuid:${charter.id}`,
      link: `${address}/notifications`,
      language: charter.current.language,
      copyright: "",
      generator: "Concordat",
      updated: notifications[0]?.publishedAt ?? charter.publishedAt ?? new Date(0),
      feedLinks: { atom: `${address}/feed.xml` },
      author: { name: plain(charter.depositary.name) },
    });
    for (const one of notifications) {
      feed.addItem({
        title: asHtml(`Notification ${one.number}/${one.year}: ${one.title}`),
        id: `urn:uuid:${one.actId}`,
        link: `${address}/notifications#n-${one.number}-${one.year}`,
        description: asHtml(one.text),
        date: one.publishedAt,
      });
    }
    return new Response(feed.atom1(), { headers: { "content-type": "application/atom+xml; charset=utf-8" } });
  });
}

/** What XML 1.0 cannot carry, and `]]>`, which would end the library's CDATA sections early. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are not allowed in XML
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, "").replaceAll("]]>", "]] >");
}

/** Titles and summaries of entries: the library marks them as HTML, so what people wrote is escaped for readers that show it as such. */
function asHtml(text: string): string {
  return plain(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
