import type { Metadata } from "next";
import { Page } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { loadPublicNotifications } from "#lib/queries/public-notifications.ts";
import { PageQuery } from "#lib/queries/public-query.ts";
import { askWithQuery, charterHead, type PageProps } from "../../../_parts/ask.ts";
import { CharterHeader } from "../../../_parts/charter-frame.tsx";
import { NextPage } from "../../../_parts/next-page.tsx";
import { RefusedQuery } from "../../../_parts/refused-query.tsx";
import { counted } from "../../../_parts/words.ts";

export const dynamic = "force-dynamic";

/** The acts that an officer signed a statement for: each has a receipt. */
const signedKinds = ["sign", "withdraw", "revoke-withdrawal", "narrow-reservation", "reaffirm", "endorse-correction"];

type Props = PageProps<{ slug: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const charter = await charterHead((await params).slug);
  if (!charter) return {};
  const address = `${sharedSite().publicUrl}/c/${charter.slug}`;
  return {
    title: `Notifications of ${charter.title}`,
    alternates: {
      canonical: `${address}/notifications`,
      types: { "application/atom+xml": `${address}/feed.xml` },
    },
  };
}

export default async function NotificationsPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const path = `/c/${slug}/notifications`;
  const asked = await askWithQuery(PageQuery, searchParams, (ctx, query) => loadPublicNotifications(ctx, slug, query));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={path} />;
  const { query, view } = asked;
  return (
    <Page>
      <CharterHeader
        charter={view.charter}
        here="notifications"
        title="Notifications"
        lead={`${counted(view.total, "public act")}, numbered and dated, the newest first.`}
      >
        <a href={`/c/${slug}/feed.xml`}>Follow as a feed (Atom)</a>
      </CharterHeader>
      <ol className="divide-y divide-line border-line border-y">
        {view.notifications.map((one) => (
          <li
            key={one.actId}
            id={`n-${one.number}-${one.year}`}
            className="grid gap-x-6 gap-y-1 py-4 sm:grid-cols-[11rem_1fr]"
          >
            <p className="text-muted text-sm">
              <a href={`#n-${one.number}-${one.year}`} className="text-ink no-underline hover:underline">
                Notification {one.number}/{one.year}
              </a>
              <span className="block">
                <Time at={one.publishedAt} />
              </span>
              <span className="block">Act {one.actNumber}</span>
            </p>
            <div className="max-w-prose">
              <h2 className="text-lg">{one.title}</h2>
              <p className="mt-1">{one.text}</p>
              {signedKinds.includes(one.kind) ? (
                <p className="no-print mt-1 text-sm">
                  <a href={`/receipts/${one.actId}/receipt.json`} download={`receipt-${slug}-${one.actNumber}.json`}>
                    Receipt of act {one.actNumber}
                  </a>
                  <span className="text-muted">, to check with the </span>
                  <a href="/verify">verifier</a>
                </p>
              ) : null}
            </div>
          </li>
        ))}
      </ol>
      <NextPage path={path} query={query} cursor={view.nextCursor} />
    </Page>
  );
}
