import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { isSignable } from "#lib/domain/version-status.ts";
import { loadPublicVersion } from "#lib/queries/public-version.ts";
import { askPlain, charterHead, type PageProps, pathNumber } from "../../../../_parts/ask.ts";
import { CharterHeader } from "../../../../_parts/charter-frame.tsx";
import { RefusedQuery } from "../../../../_parts/refused-query.tsx";
import { TextNotices } from "../../../../_parts/text-notices.tsx";
import { VersionBody } from "../../../../_parts/version-body.tsx";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string; number: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, number } = await params;
  const charter = await charterHead(slug);
  const version = charter?.versions.find((one) => String(one.number) === number);
  if (!charter || !version) return {};
  return {
    title: `${version.title}, version ${number}`,
    alternates: { canonical: `${sharedSite().publicUrl}/c/${slug}` },
  };
}

export default async function VersionPage({ params, searchParams }: Props) {
  const { slug, number } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicVersion(ctx, slug, pathNumber(number)));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/c/${slug}/v/${number}`} />;
  const { charter, version, clauses, corrections, withheld, reserved } = asked.view;
  const isCurrent = version.number === charter.current.number;
  return (
    <Page width="wide">
      <CharterHeader
        charter={charter}
        here="none"
        title={`${version.title}, version ${version.number}`}
        lead={version.status}
      >
        {isSignable(version.state) ? (
          <LinkButton href={`/c/${slug}/join`} tone="primary">
            Sign this charter
          </LinkButton>
        ) : null}
      </CharterHeader>
      {isCurrent ? null : (
        <div className="mb-8 max-w-prose">
          <Notice
            tone="wait"
            title={
              version.number < charter.current.number
                ? `This is an old version; version ${charter.current.number} is the current one`
                : `Version ${charter.current.number} is the one in effect`
            }
          >
            <a href={`/c/${slug}`}>Read version {charter.current.number}</a>, or{" "}
            <a href={`/c/${slug}/compare/${ascending(version.number, charter.current.number)}`}>
              see what is different
            </a>
            . Signatures never carry over from one version to the next.
          </Notice>
        </div>
      )}
      <TextNotices slug={slug} number={version.number} corrections={corrections} withheld={withheld.length} />
      <VersionBody
        charter={charter}
        version={version}
        clauses={clauses}
        reserved={reserved}
        publicUrl={sharedSite().publicUrl}
      />
    </Page>
  );
}

function ascending(left: number, right: number): string {
  return `${Math.min(left, right)}...${Math.max(left, right)}`;
}
