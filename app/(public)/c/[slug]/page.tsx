import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import type { PublicCharter } from "#lib/queries/public-charter.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";
import { askPlain, charterHead, type PageProps } from "../../_parts/ask.ts";
import { CharterHeader } from "../../_parts/charter-frame.tsx";
import { JsonLd } from "../../_parts/json-ld.tsx";
import { RefusedQuery } from "../../_parts/refused-query.tsx";
import { TextNotices } from "../../_parts/text-notices.tsx";
import { VersionBody } from "../../_parts/version-body.tsx";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const charter = await charterHead((await params).slug);
  if (!charter) return {};
  const address = `${sharedSite().publicUrl}/c/${charter.slug}`;
  return {
    title: charter.title,
    description: charter.purpose || charter.current.status,
    alternates: { canonical: address, types: { "application/atom+xml": `${address}/feed.xml` } },
    openGraph: {
      title: charter.title,
      description: charter.current.status,
      url: address,
      type: "article",
      images: [
        { url: `${address}/share.png`, width: 1200, height: 630, alt: `${charter.title}: ${charter.current.status}` },
      ],
    },
    twitter: { card: "summary_large_image" },
  };
}

export default async function CharterPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicVersion(ctx, slug));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/c/${slug}`} />;
  const { charter, version, clauses, corrections, withheld, reserved } = asked.view;
  const { publicUrl } = sharedSite();
  return (
    <Page width="wide">
      <JsonLd data={structuredData(charter, publicUrl)} />
      <CharterHeader
        charter={charter}
        here="text"
        lead={
          <>
            <p>{charter.current.status}</p>
            {charter.purpose ? <p className="mt-2 font-serif text-ink">{charter.purpose}</p> : null}
          </>
        }
      >
        {isSignable(version.state) ? (
          <LinkButton href={`/c/${slug}/join`} tone="primary">
            Sign this charter
          </LinkButton>
        ) : null}
      </CharterHeader>
      {charter.upcoming ? (
        <div className="mb-8 max-w-prose">
          <Notice title={`Version ${charter.upcoming.number} is open for signature`}>
            Version {version.number} below stays in effect until version {charter.upcoming.number} takes effect.
            Signatures never carry over from one version to the next.{" "}
            <a href={`/c/${slug}/v/${charter.upcoming.number}`}>Read version {charter.upcoming.number}</a>
          </Notice>
        </div>
      ) : null}
      <TextNotices slug={slug} number={version.number} corrections={corrections} withheld={withheld.length} />
      <VersionBody charter={charter} version={version} clauses={clauses} reserved={reserved} publicUrl={publicUrl} />
    </Page>
  );
}

function structuredData(charter: PublicCharter, publicUrl: string): Record<string, unknown> {
  const { current } = charter;
  return {
    "@type": "DigitalDocument",
    "@id": `${publicUrl}/c/${charter.slug}`,
    url: `${publicUrl}/c/${charter.slug}`,
    name: charter.title,
    ...(charter.purpose ? { abstract: charter.purpose } : {}),
    inLanguage: current.language,
    version: String(current.number),
    identifier: `sha256:${current.sha256Hex}`,
    ...(charter.publishedAt ? { datePublished: charter.publishedAt.toISOString() } : {}),
    publisher: { "@type": "Organization", name: charter.convenor.name },
  };
}
