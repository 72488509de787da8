import type { Metadata } from "next";
import { LinkButton } from "#app/_ui/button.tsx";
import { EmptyState, Page, Section } from "#app/_ui/frame.tsx";
import { loadDirectoryEntries } from "#lib/queries/public-directory.ts";
import { askPlain, type PageProps } from "./_parts/ask.ts";
import { CharterList } from "./_parts/charter-list.tsx";
import { RefusedQuery } from "./_parts/refused-query.tsx";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { alternates: { canonical: "/" } };

/** How many charters each list of the front page shows. */
const shownMax = 5;

export default async function FrontPage({ searchParams }: PageProps) {
  const asked = await askPlain(searchParams, loadDirectoryEntries);
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path="/" />;
  const newest = asked.view.slice(0, shownMax);
  const mostSigned = [...asked.view]
    .sort((left, right) => right.signatories - left.signatories)
    .filter((entry) => entry.signatories > 0)
    .slice(0, shownMax);
  return (
    <Page>
      <header className="mb-12 border-line border-b pb-10">
        <h1 className="max-w-3xl text-4xl sm:text-5xl">Charters that organizations write, sign and keep together</h1>
        <div className="mt-5 grid max-w-prose gap-3 font-serif text-lg">
          <p>
            Organizations draft a charter of norms here, clause by clause, and sign it through officers who may sign for
            them. From then on everyone can read the text, who signed it as of any day, and the history of every clause.
            Each text has a fingerprint and each act a number, so that the record can be checked without trusting this
            site.
          </p>
        </div>
        <div className="mt-6 flex flex-wrap gap-3">
          <LinkButton href="/charters" tone="primary">
            Read the charters
          </LinkButton>
          <LinkButton href="/signin">Sign in to draft or sign</LinkButton>
        </div>
      </header>
      {newest.length === 0 ? (
        <EmptyState sentence="No charter is public here yet.">
          <LinkButton href="/signin">Sign in to draft one</LinkButton>
        </EmptyState>
      ) : asked.view.length <= shownMax ? (
        <Section title="Public charters">
          <CharterList entries={newest} withSeals />
        </Section>
      ) : (
        <div className="grid gap-x-12 gap-y-10 lg:grid-cols-2">
          <Section title="Newest">
            <CharterList entries={newest} withSeals />
          </Section>
          <div className="lg:[&>section]:mt-0">
            <Section title="Most signed">
              {mostSigned.length === 0 ? (
                <p className="text-muted">No organization has signed yet.</p>
              ) : (
                <CharterList entries={mostSigned} withSeals />
              )}
            </Section>
          </div>
        </div>
      )}
    </Page>
  );
}
