import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Page } from "#app/_ui/frame.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { formatMinute } from "#app/_ui/time.tsx";
import { draftExport } from "#lib/queries/draft-export.ts";

export const metadata: Metadata = { title: "Print" };

export default async function PrintPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const actor = await currentActor();
  const ctx = contextFor(actor);
  const view = await requirePage(`/drafts/${charterId}/print`, () => draftExport(ctx, { charterId }));
  return (
    <Page>
      <div className="no-print mb-8 flex flex-wrap items-center gap-3">
        <LinkButton href={`/drafts/${charterId}`}>Back to the draft</LinkButton>
        <LinkButton href={`/drafts/${charterId}/export.md`} prefetch={false}>
          Markdown
        </LinkButton>
        <span className="text-muted text-sm">Print this page with your browser.</span>
      </div>
      <p className="text-muted text-sm">
        {view.sha256Hex ? "Frozen text" : "Draft, not adopted"} · edit {view.seq} · {formatMinute(ctx.now)}
      </p>
      <h1 className="mt-2 mb-6 text-3xl">{view.title}</h1>
      <CharterBody clauses={view.clauses} permalinks={false} />
      {view.sha256Hex ? (
        <p className="mt-8 border-line border-t pt-3 text-sm">
          SHA-256 <Fingerprint hashHex={view.sha256Hex} />
        </p>
      ) : null}
    </Page>
  );
}
