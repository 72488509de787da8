import type { Metadata } from "next";
import { EmptyState, Page } from "#app/_ui/frame.tsx";
import { WordDiff } from "#app/_ui/word-diff.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { loadPublicComparison } from "#lib/queries/public-comparison.ts";
import { askPlain, charterHead, type PageProps } from "../../../../_parts/ask.ts";
import { CharterHeader } from "../../../../_parts/charter-frame.tsx";
import { ClauseChanges } from "../../../../_parts/clause-changes.tsx";
import { RefusedQuery } from "../../../../_parts/refused-query.tsx";
import { counted } from "../../../../_parts/words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string; range: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug, range } = await params;
  const charter = await charterHead(slug);
  if (!charter) return {};
  return {
    title: `${charter.title}: versions compared`,
    alternates: { canonical: `${sharedSite().publicUrl}/c/${slug}/compare/${range}` },
  };
}

export default async function ComparePage({ params, searchParams }: Props) {
  const { slug, range } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicComparison(ctx, slug, decodeURIComponent(range)));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/c/${slug}`} />;
  const { charter, from, to, comparison } = asked.view;
  const { counts } = comparison;
  const said = [
    counts.changed > 0 ? `${counted(counts.changed, "clause")} changed` : "",
    counts.added > 0 ? `${counts.added} added` : "",
    counts.removed > 0 ? `${counts.removed} removed` : "",
    counts.moved > 0 ? `${counts.moved} moved` : "",
    counts.unchanged > 0 ? `${counts.unchanged} unchanged` : "",
  ].filter(Boolean);
  const isSame = comparison.clauses.every((one) => one.change === "unchanged");
  return (
    <Page>
      <CharterHeader
        charter={charter}
        here="none"
        title={`Version ${from.number} and version ${to.number}`}
        lead={said.join(" · ")}
      >
        <a href={`/c/${slug}/v/${from.number}`}>Version {from.number}</a>
        <a href={`/c/${slug}/v/${to.number}`}>Version {to.number}</a>
        <a href={`/c/${slug}/compare/${to.number}...${from.number}`}>The other way around</a>
      </CharterHeader>
      {isSame && comparison.title.every((run) => run.kind === "same") ? (
        <EmptyState sentence="The two versions have the same words." />
      ) : (
        <div className="max-w-prose">
          {comparison.title.some((run) => run.kind !== "same") ? (
            <p className="mb-6 font-semibold font-serif text-2xl">
              <WordDiff runs={comparison.title} />
            </p>
          ) : null}
          <ClauseChanges clauses={comparison.clauses} slug={slug} />
        </div>
      )}
    </Page>
  );
}
