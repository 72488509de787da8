import type { Metadata } from "next";
import { CharterEditor } from "#app/_editor/charter-editor.client.tsx";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Page, PageHeader } from "#app/_ui/frame.tsx";
import { draftEditorView } from "#lib/queries/draft-editor-view.ts";
import { threadsOfClause } from "#lib/queries/threads-of-clause.ts";
import { editorDraft } from "./views.ts";

export const metadata: Metadata = { title: "Edit the draft" };

type Props = { params: Promise<{ charterId: string }> };

/** The editor of a draft; before drafting is opened, where to go instead. */
export default async function EditPage({ params }: Props) {
  const { charterId } = await params;
  const { view, comments } = await requirePage(`/drafts/${charterId}/edit`, async () => {
    const ctx = contextFor(await currentActor());
    return {
      view: await draftEditorView(ctx, { charterId }),
      comments: await threadsOfClause(ctx, { charterId, clauseId: null }),
    };
  });
  if (!view.head.isSetup) return <CharterEditor draft={editorDraft(view, comments)} />;
  return (
    <Page width="narrow">
      <PageHeader
        title={view.head.title}
        lead="Drafting has not been opened. The convenor fixes the policy first; the text is open for edits from then on."
      >
        <LinkButton href={`/drafts/${charterId}`} tone="primary">
          See what is still to do
        </LinkButton>
      </PageHeader>
    </Page>
  );
}
