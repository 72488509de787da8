"use client";

import { Button } from "./_ui/button.tsx";
import { Page, PageHeader } from "./_ui/frame.tsx";

/** Shown where a page broke: what happened, what was kept, what to do. */
export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Page width="narrow">
      <PageHeader
        title="This page could not be shown"
        lead={`Something failed on our side. Nothing that was saved is lost.${error.digest ? ` The number of this failure is ${error.digest}.` : ""}`}
      >
        <Button tone="primary" onClick={reset}>
          Try again
        </Button>
      </PageHeader>
    </Page>
  );
}
