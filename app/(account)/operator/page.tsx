import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { LinkButton } from "#app/_ui/button.tsx";
import { EmptyState, Facts, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { loadOperations, type OperationsView } from "#lib/queries/load-operations.ts";
import { listWaitingKeys } from "#lib/queries/waiting-keys.ts";
import { retryMailAction } from "./actions.ts";
import { Organizations } from "./organizations.tsx";
import { Reviews } from "./reviews.tsx";
import { WaitingKeys } from "./waiting-keys.tsx";

export const metadata: Metadata = { title: "Operations" };

export default async function OperatorPage({ searchParams }: { searchParams: SearchParams }) {
  const search = (await queryText(searchParams, "q")) ?? "";
  const ctx = contextFor(await currentActor());
  const { view, waiting } = await requirePage("/operator", async () => ({
    view: await loadOperations(ctx, search),
    waiting: await listWaitingKeys(ctx),
  }));
  return (
    <Page>
      <PageHeader
        title="Operations"
        lead="What an operator looks after: who is verified, what mail did not leave. Operators see no drafts and change no act."
      >
        <LinkButton href="/operator/record">Disputes, successions, the record</LinkButton>
      </PageHeader>
      <Said>
        <Reviews reviews={view.reviews} />
        <WaitingKeys keys={waiting} />
        <Mails mails={view.failedMails} />
      </Said>
      <Organizations organizations={view.organizations} search={search} />
      <Section title="This installation">
        <div className="mt-4">
          <Facts
            facts={[
              ["People", view.counts.people],
              ["Organizations", view.counts.organizations],
              ["Charters", `${view.counts.charters}, of which ${view.counts.publicCharters} public`],
              ["Public acts", view.counts.acts],
              ["Mail waiting", view.counts.mailsWaiting],
            ]}
          />
        </div>
      </Section>
      <Actions actions={view.actions} />
    </Page>
  );
}

function Mails({ mails }: { mails: OperationsView["failedMails"] }) {
  return (
    <Section
      id="mail"
      title="Mail that did not leave"
      lead="Each mail is tried six times within a day; then it waits here."
    >
      <div className="mt-4">
        {mails.length === 0 ? (
          <EmptyState sentence="Every mail so far has left." />
        ) : (
          <Table caption="Mail that did not leave">
            <thead>
              <tr>
                <HeadCell>To</HeadCell>
                <HeadCell>Occasion</HeadCell>
                <HeadCell>Tries</HeadCell>
                <HeadCell>What the mail server said</HeadCell>
                <HeadCell>
                  <span className="sr-only">What can be done</span>
                </HeadCell>
              </tr>
            </thead>
            <tbody>
              {mails.map((mail) => (
                <tr key={mail.id}>
                  <RowHead className="break-all">{mail.to}</RowHead>
                  <Cell>{mail.kind}</Cell>
                  <Cell>
                    {mail.attempts}
                    {mail.isOver ? ", given up" : ", goes on"}
                  </Cell>
                  <Cell className="break-words">{mail.problem}</Cell>
                  <Cell>
                    <ActionForm action={retryMailAction} submit="Try again" tone="plain" className="grid gap-2">
                      <input type="hidden" name="mailId" value={mail.id} />
                    </ActionForm>
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </div>
    </Section>
  );
}

function Actions({ actions }: { actions: OperationsView["actions"] }) {
  return (
    <Section title="What operators did lately">
      <div className="mt-4">
        {actions.length === 0 ? (
          <EmptyState sentence="Nothing yet." />
        ) : (
          <ul className="divide-y divide-line border-line border-y text-sm">
            {actions.map((action) => (
              <li key={action.id} className="flex flex-wrap gap-x-4 gap-y-1 py-2">
                <Time at={action.at} />
                <span>
                  {action.kind.replaceAll("-", " ")}
                  {action.about ? `: ${action.about}` : ""}
                </span>
                <span className="min-w-0 break-words text-muted">{action.reason}</span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
