import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { browserNonce } from "#app/_server/door.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { Page, PageHeader } from "#app/_ui/frame.tsx";
import { RowId } from "#lib/domain/ids.ts";
import { loadSignInChallenge } from "#lib/queries/load-sign-in-challenge.ts";

// The token must not travel to other sites; "no-referrer" would also take the Origin from our own form.
export const metadata: Metadata = { title: "Sign in", referrer: "same-origin", robots: { index: false } };

/** Where the link of the mail leads. Looking at it changes nothing; the button signs in. */
export default async function ConfirmPage({ searchParams }: { searchParams: SearchParams }) {
  const id = RowId.safeParse(await queryText(searchParams, "c"));
  const token = (await queryText(searchParams, "t")) ?? "";
  const ctx = contextFor({ kind: "visitor" });
  const view = id.success
    ? await loadSignInChallenge(ctx, { id: id.data, token, browser: await browserNonce() })
    : ({ state: "spent" } as const);
  if (!id.success || view.state === "spent") {
    return (
      <Page width="narrow">
        <PageHeader
          title="This link does not count any more"
          lead="It was used, has run out after ten minutes, or is not whole. Nothing happened by opening it."
        >
          <LinkButton href="/signin" tone="primary">
            Ask for a new one
          </LinkButton>
        </PageHeader>
      </Page>
    );
  }
  if (!view.isThisBrowser) {
    return (
      <Page width="narrow">
        <PageHeader
          title="Type this code where you asked for it"
          lead="The sign-in was begun in another browser or on another device. Go back there and type this code; nothing happens here."
        />
        <p className="font-mono text-4xl tracking-widest">
          {view.code?.slice(0, 3)} {view.code?.slice(3)}
        </p>
      </Page>
    );
  }
  return (
    <Page width="narrow">
      <PageHeader
        title="Sign in"
        lead={
          <>
            As <strong className="break-all">{view.email}</strong>. Nothing happens until you press the button.
          </>
        }
      />
      <form method="post" action={`/api/auth/answer?c=${id.data}`}>
        <input type="hidden" name="c" value={id.data} />
        <input type="hidden" name="t" value={token} />
        <Button type="submit" tone="primary">
          Sign in
        </Button>
      </form>
    </Page>
  );
}
