import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { isDemoRequest } from "#app/_server/door.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Page, PageHeader } from "#app/_ui/frame.tsx";
import { Time } from "#app/_ui/time.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { listDevelopmentMail } from "#lib/queries/list-development-mail.ts";
import { MailText } from "./mail-text.tsx";

export const metadata: Metadata = { title: "Development inbox", robots: { index: false } };

/** All mail of the demo world. Does not exist anywhere else. */
export default async function DevelopmentMailPage({ searchParams }: { searchParams: SearchParams }) {
  if (!(await isDemoRequest())) notFound();
  const to = (await queryText(searchParams, "to"))?.trim() ?? "";
  const mails = await listDevelopmentMail(contextFor({ kind: "visitor" }), to || undefined);
  return (
    <Page>
      <PageHeader
        title="Development inbox"
        lead="Mail of the demo world arrives here over SMTP and goes nowhere else. The newest is on top; load the page again to look for more."
      />
      <form method="get" className="flex flex-wrap items-end gap-3">
        <div className="grow basis-60">
          <TextInput label="Only mail to" name="to" type="search" defaultValue={to} maxLength={254} optional />
        </div>
        <Button type="submit">Show</Button>
      </form>
      <div className="mt-6">
        {mails.length === 0 ? (
          <EmptyState
            sentence={to ? `No mail to ${to} yet.` : "No mail yet. Ask for a code to sign in, or invite somebody."}
          />
        ) : (
          <ul className="divide-y divide-line border-line border-y">
            {mails.map((mail, at) => (
              <li key={mail.id} className="py-3">
                <details open={at === 0}>
                  <summary>
                    <span className="font-medium">{mail.subject}</span>
                    <span className="block break-all text-muted text-sm">
                      to {mail.to}, <Time at={mail.receivedAt} />
                    </span>
                  </summary>
                  <MailText text={mail.text} publicUrl={sharedSite().publicUrl} />
                </details>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Page>
  );
}
