import type { Metadata } from "next";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Page, PageHeader } from "#app/_ui/frame.tsx";
import { loadPublicDirectory } from "#lib/queries/public-directory.ts";
import { DirectoryQuery } from "#lib/queries/public-query.ts";
import { askWithQuery, type PageProps } from "../_parts/ask.ts";
import { CharterList } from "../_parts/charter-list.tsx";
import { NextPage } from "../_parts/next-page.tsx";
import { RefusedQuery } from "../_parts/refused-query.tsx";
import { counted } from "../_parts/words.ts";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Charters", alternates: { canonical: "/charters" } };

export default async function DirectoryPage({ searchParams }: PageProps) {
  const asked = await askWithQuery(DirectoryQuery, searchParams, loadPublicDirectory);
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path="/charters" />;
  const { query, view } = asked;
  const isFiltered = query.q !== undefined || query.status !== undefined;
  return (
    <Page>
      <PageHeader title="Charters" lead={`${counted(view.total, "public charter")}, the newest first.`} />
      {view.total === 0 ? (
        <EmptyState sentence="No charter is public here yet.">
          <LinkButton href="/signin">Sign in to draft one</LinkButton>
        </EmptyState>
      ) : (
        <>
          <form
            method="get"
            action="/charters"
            aria-label="Search charters"
            className="mb-8 grid items-end gap-4 sm:grid-cols-[1fr_12rem_auto]"
          >
            <TextInput
              label="Search"
              name="q"
              type="search"
              required={false}
              maxLength={100}
              defaultValue={query.q ?? ""}
            />
            <Select label="Status" name="status" required={false} defaultValue={query.status ?? ""}>
              <option value="">Any status</option>
              <option value="open">Open for signature</option>
              <option value="in-effect">In effect</option>
              <option value="closed">Closed or superseded</option>
            </Select>
            <Button type="submit">Search</Button>
          </form>
          {view.matching === 0 ? (
            <EmptyState sentence="No charter matches.">
              <LinkButton href="/charters">Clear the search</LinkButton>
            </EmptyState>
          ) : (
            <>
              {isFiltered ? (
                <p className="mb-3 text-muted text-sm">
                  {counted(view.matching, "charter")} of {view.total}. <a href="/charters">Show all</a>
                </p>
              ) : null}
              <CharterList entries={view.entries} heading="h2" />
              <NextPage path="/charters" query={query} cursor={view.nextCursor} />
            </>
          )}
        </>
      )}
    </Page>
  );
}
