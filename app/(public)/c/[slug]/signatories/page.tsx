import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { EmptyState, Page } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { formatDay, isSignable } from "#lib/domain/version-status.ts";
import { SignatoryQuery } from "#lib/queries/public-query.ts";
import { loadPublicSignatories, type PublicSignatories } from "#lib/queries/public-signatories.ts";
import { askWithQuery, charterHead, type PageProps } from "../../../_parts/ask.ts";
import { CharterHeader } from "../../../_parts/charter-frame.tsx";
import { EvidenceLegend } from "../../../_parts/evidence-legend.tsx";
import { NextPage, withQuery } from "../../../_parts/next-page.tsx";
import { RefusedQuery } from "../../../_parts/refused-query.tsx";
import { SignatoryFilters } from "../../../_parts/signatory-filters.tsx";
import { SignatoryTable } from "../../../_parts/signatory-table.tsx";
import { capital, counted, plural } from "../../../_parts/words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const charter = await charterHead((await params).slug);
  if (!charter) return {};
  const label = capital(plural(charter.policy.signatoryLabel));
  return {
    title: `${label} of ${charter.title}`,
    alternates: { canonical: `${sharedSite().publicUrl}/c/${charter.slug}/signatories` },
  };
}

export default async function SignatoriesPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const path = `/c/${slug}/signatories`;
  const asked = await askWithQuery(SignatoryQuery, searchParams, (ctx, query) =>
    loadPublicSignatories(ctx, slug, query),
  );
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={path} />;
  const { query, view } = asked;
  const { charter } = view;
  const label = charter.policy.signatoryLabel;
  return (
    <Page width="wide">
      <CharterHeader
        charter={charter}
        here="signatories"
        title={capital(plural(label))}
        lead={<Standing view={view} isPast={query.asOf !== undefined} />}
      >
        {isSignable(charter.current.state) ? (
          <LinkButton href={`/c/${slug}/join`} tone="primary">
            Sign this charter
          </LinkButton>
        ) : null}
      </CharterHeader>
      {view.total === 0 ? (
        <EmptyState sentence={emptySentence(view)}>
          <LinkButton href={`/c/${slug}`}>Read the text</LinkButton>
        </EmptyState>
      ) : (
        <>
          <SignatoryFilters path={path} query={query} view={view} />
          {view.matching === 0 ? (
            <EmptyState sentence={`No ${label} matches.`}>
              <LinkButton href={path}>Clear filters</LinkButton>
            </EmptyState>
          ) : (
            <>
              <p className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
                <span>
                  {view.matching === view.total
                    ? counted(view.total, "organization")
                    : `${counted(view.matching, "organization")} of ${view.total.toLocaleString("en-GB")}`}
                </span>
                <span className="no-print">
                  This list as <a href={withQuery(`${path}.csv`, { ...query, cursor: undefined })}>CSV</a> or{" "}
                  <a href={withQuery(`${path}.json`, { ...query, cursor: undefined })}>JSON</a>
                </span>
              </p>
              <SignatoryTable view={view} caption={`${capital(plural(label))} of ${charter.title}`} />
              <EvidenceLegend />
              <NextPage path={path} query={query} cursor={view.nextCursor} />
            </>
          )}
        </>
      )}
      <HowWeCount slug={slug} />
    </Page>
  );
}

function Standing({ view, isPast }: { view: PublicSignatories; isPast: boolean }) {
  const { counts, charter } = view;
  const label = charter.policy.signatoryLabel;
  const { number, signatories } = charter.current;
  return (
    <>
      {counted(counts.signatories, label, plural(label))}
      {charter.versions.length > 1 && !isPast
        ? `, ${signatories.toLocaleString("en-GB")} of them to version ${number}`
        : ""}
      {counts.withdrawn > 0 ? ` · ${counts.withdrawn.toLocaleString("en-GB")} withdrawn` : ""} · as of{" "}
      {isPast ? <Time at={view.asOf} /> : <Time at={view.asOf} style="date" />}
    </>
  );
}

function emptySentence({ charter, asOf }: PublicSignatories): string {
  const { openedAt } = charter.current;
  if (openedAt && asOf < openedAt) return `The charter was not open for signature on ${formatDay(asOf)}.`;
  const since = openedAt ? ` since ${formatDay(openedAt)}` : "";
  return `Open for signature${since}; no organization has signed yet.`;
}

function HowWeCount({ slug }: { slug: string }) {
  return (
    <details className="mt-8 max-w-prose text-sm">
      <summary className="py-1 font-medium">How this list is counted</summary>
      <p className="mt-1 text-muted">
        Each organization counts once, however many versions it signed. After a notice of withdrawal it counts until the
        day the withdrawal takes effect, and stays on the list with both dates. The name is the present one; where an
        organization signed under another name, that name stands beside it. “As of” a day means the end of that day in
        UTC, and shows what the record said then. A signature that was entered in error is void from the start: it is
        off the list and the count from the day that was found, and marked on the lists of earlier days. The{" "}
        <a href={`/c/${slug}/notifications`}>notifications</a> keep that it happened.
      </p>
      <p className="mt-2 text-muted">
        “Shown by” says what stands behind a signature. A key of the organization signed the statement itself, and
        anyone can check it against the receipt. What is recorded by the keeper rests on the word of those who keep this
        record: the officer confirmed it with a code, or it came on paper. <a href="/verify">What that proves</a>
      </p>
    </details>
  );
}
