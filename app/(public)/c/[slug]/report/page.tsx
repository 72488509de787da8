import type { Metadata } from "next";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { loadPublicCharter } from "#lib/queries/public-charter.ts";
import { ReportQuery } from "#lib/queries/public-query.ts";
import { askWithQuery, type PageProps } from "../../../_parts/ask.ts";
import { CharterHeader } from "../../../_parts/charter-frame.tsx";
import { RefusedQuery } from "../../../_parts/refused-query.tsx";

export const dynamic = "force-dynamic";
export const metadata: Metadata = { title: "Report an error", robots: { index: false } };

const problems = {
  malformed:
    "Write at least a sentence, at most 4,000 characters, and leave the mail address empty or give a whole one.",
  "too-many": "Many reports on this charter came in within the hour. Please try again later.",
  "not-permitted": "The report did not come from this page. Open it here and send it again.",
  failed: "Something went wrong on our side. Please try again.",
} as const;

export default async function ReportPage({ params, searchParams }: PageProps<{ slug: string }>) {
  const { slug } = await params;
  const path = `/c/${slug}/report`;
  const asked = await askWithQuery(ReportQuery, searchParams, (ctx) => loadPublicCharter(ctx, slug));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={path} />;
  const { query, view: charter } = asked;
  return (
    <Page width="narrow">
      <CharterHeader
        charter={charter}
        here="none"
        title="Report an error"
        lead={`To ${charter.depositary.name || "the depositary"}, who keeps the record of this charter.`}
      />
      {query.sent ? (
        <div className="grid gap-6">
          <Notice tone="good" title="Your report was sent">
            The depositary reads it. An error that is confirmed is corrected visibly, with a notification of its own.
          </Notice>
          <div>
            <LinkButton href={`/c/${slug}`}>Back to the charter</LinkButton>
          </div>
        </div>
      ) : (
        <form method="post" action={`${path}/send`} className="grid gap-6">
          {query.problem ? (
            <Notice tone="problem" title="The report was not sent" role="alert">
              {problems[query.problem]} Going back in your browser brings back what you wrote.
            </Notice>
          ) : null}
          <TextArea
            label="What is wrong?"
            name="text"
            rows={6}
            minLength={10}
            maxLength={4000}
            hint="A wrong name, a wrong date, a signature that should not be here. Say where, and how you know."
          />
          <TextInput
            label="Your mail address"
            name="email"
            type="email"
            optional
            maxLength={254}
            autoComplete="email"
            hint="Only for questions about this report."
          />
          <input type="hidden" name="clauseId" value={query.clause ?? ""} />
          <div>
            <Button type="submit" tone="primary">
              Send the report
            </Button>
          </div>
          <p className="text-muted text-sm">
            Reports are not public. A dispute about a signature is marked on the list only when the organization itself
            says so, or the depositary finds substance in it.
          </p>
        </form>
      )}
    </Page>
  );
}
