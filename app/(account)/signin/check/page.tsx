import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { browserNonce, isDemoRequest, problemSentence } from "#app/_server/door.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Notice, Page, PageHeader } from "#app/_ui/frame.tsx";
import { RowId } from "#lib/domain/ids.ts";
import { loadSignInChallenge } from "#lib/queries/load-sign-in-challenge.ts";

export const metadata: Metadata = { title: "Check your mail" };

export default async function CheckMailPage({ searchParams }: { searchParams: SearchParams }) {
  const id = RowId.safeParse(await queryText(searchParams, "c"));
  const ctx = contextFor({ kind: "visitor" });
  const view = id.success
    ? await loadSignInChallenge(ctx, { id: id.data, browser: await browserNonce() })
    : ({ state: "spent" } as const);
  const problem = problemSentence(await queryText(searchParams, "problem"));
  if (view.state === "spent" || !id.success) return <Spent />;
  return (
    <Page width="narrow">
      <PageHeader
        title="Check your mail"
        lead={
          <>
            We sent a six-digit code to{" "}
            {view.email ? <strong className="break-all">{view.email}</strong> : "the address you gave"}. It counts for
            ten minutes and once.
          </>
        }
      />
      <div className="grid gap-6">
        {problem ? (
          <Notice tone="problem" title="That did not work" role="alert">
            {problem}
          </Notice>
        ) : null}
        {(await isDemoRequest()) ? (
          <Notice title="In the demo world">
            No mail leaves this machine. Yours lies in the{" "}
            <a href="/dev/mail" target="_blank" rel="noopener">
              development inbox
            </a>
            .
          </Notice>
        ) : null}
        <form method="post" action={`/api/auth/answer?c=${id.data}`} className="grid gap-4">
          <input type="hidden" name="c" value={id.data} />
          <TextInput
            label="Code"
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="\s*\d{3}\s?\d{3}\s*"
            title="Six digits"
            maxLength={12}
            className="max-w-48 font-mono text-xl tracking-widest"
            autoFocus
          />
          <div className="flex flex-wrap gap-3">
            <Button type="submit" tone="primary">
              Sign in
            </Button>
            <LinkButton href="/signin" tone="quiet">
              Use another address, or ask again
            </LinkButton>
          </div>
        </form>
        <p className="text-muted text-sm">
          The link in the mail does the same when it is opened in this browser. Opened elsewhere, it shows the code to
          type here.
        </p>
      </div>
    </Page>
  );
}

function Spent() {
  return (
    <Page width="narrow">
      <PageHeader
        title="Ask for a new code"
        lead="This code was used, has run out or was tried too often. Nothing else happened, and nobody is signed in by it."
      >
        <LinkButton href="/signin" tone="primary">
          Ask for a new code
        </LinkButton>
      </PageHeader>
    </Page>
  );
}
