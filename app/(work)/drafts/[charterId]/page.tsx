import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Page } from "#app/_ui/frame.tsx";
import { charterDashboard } from "#lib/queries/charter-dashboard.ts";
import { Next } from "../_parts/dashboard-next.tsx";
import { KeptTexts, Running } from "../_parts/dashboard-running.tsx";
import { Clauses, FrozenText, Participants } from "../_parts/dashboard-text.tsx";
import { DraftHeader } from "../_parts/draft-header.tsx";

export const metadata: Metadata = { title: "Draft" };

export default async function DashboardPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const view = await requirePage(`/drafts/${charterId}`, () => charterDashboard(contextFor(actor), { charterId }));
  return (
    <Page>
      <DraftHeader head={view.head} current="">
        <LinkButton href={`/drafts/${charterId}/edit`} tone="primary">
          {view.head.state === "DRAFTING" && !view.head.isSetup ? "Open the text" : "Read the text"}
        </LinkButton>
        <LinkButton href={`/drafts/${charterId}/print`}>Print</LinkButton>
        <LinkButton href={`/drafts/${charterId}/export.md`} prefetch={false}>
          Markdown
        </LinkButton>
      </DraftHeader>
      <div className="grid gap-10">
        <Next view={view} />
        <KeptTexts view={view} />
        {view.version ? <FrozenText view={view} version={view.version} /> : null}
        <Clauses view={view} />
        <Participants view={view} />
        <Running view={view} />
      </div>
    </Page>
  );
}
