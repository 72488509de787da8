import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button } from "#app/_ui/button.tsx";
import { Select } from "#app/_ui/field.tsx";
import { Page } from "#app/_ui/frame.tsx";
import { formatMinute } from "#app/_ui/time.tsx";
import { compareDrafts } from "#lib/queries/compare-drafts.ts";
import { Comparison } from "../../_parts/comparison.tsx";
import { DraftHeader } from "../../_parts/draft-header.tsx";

export const metadata: Metadata = { title: "Compare" };

export default async function ComparePage({
  params,
  searchParams,
}: {
  params: Promise<{ charterId: string }>;
  searchParams: SearchParams;
}) {
  const { charterId } = await params;
  const from = (await queryText(searchParams, "from")) ?? null;
  const to = (await queryText(searchParams, "to")) ?? null;
  const actor = await currentActor();
  const path = `/drafts/${charterId}/compare`;
  const view = await requirePage(path, () => compareDrafts(contextFor(actor), { charterId, from, to }));
  const options = view.points.map((point) => (
    <option key={point.key} value={point.key}>
      {point.key === "now" ? point.label : `${formatMinute(point.at)}: ${point.label}`}
    </option>
  ));
  return (
    <Page>
      <DraftHeader head={view.head} current="/compare" title="Two states of the text" />
      <form method="get" className="no-print mb-8 grid items-end gap-4 sm:grid-cols-[1fr_1fr_auto]">
        <Select label="From" name="from" defaultValue={view.from.key}>
          {options}
        </Select>
        <Select label="To" name="to" defaultValue={view.to.key}>
          {options}
        </Select>
        <Button type="submit" tone="primary">
          Compare
        </Button>
      </form>
      <h2 className="sr-only">Differences</h2>
      <Comparison comparison={view.comparison} />
    </Page>
  );
}
