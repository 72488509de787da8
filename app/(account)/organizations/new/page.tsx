import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Button } from "#app/_ui/button.tsx";
import { Choice, TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { localPath } from "#lib/domain/local-path.ts";
import { type FoundOrganization, findOrganizations } from "#lib/queries/find-organizations.ts";
import { listCountries } from "#lib/queries/list-countries.ts";
import { ProfileFields } from "../profile-fields.tsx";
import { askToJoinAction, createOrganizationAction } from "./actions.ts";

export const metadata: Metadata = { title: "Your organization" };

export default async function NewOrganizationPage({ searchParams }: { searchParams: SearchParams }) {
  const search = (await queryText(searchParams, "q")) ?? "";
  const next = localPath(await queryText(searchParams, "next"), "");
  const path = `/organizations/new${next ? `?next=${encodeURIComponent(next)}` : ""}`;
  const actor = await currentActor();
  const ctx = contextFor(actor);
  const found = await requirePage(path, () => findOrganizations(ctx, search));
  return (
    <Page width="narrow">
      <PageHeader
        title="Your organization"
        lead="Charters are drafted and signed by organizations. Join yours if it is here already; else add it, and you are its first admin."
      />
      <Section title="Is it here already?">
        <form method="get" className="mt-4 grid gap-4">
          {next ? <input type="hidden" name="next" value={next} /> : null}
          <TextInput label="Part of its name" name="q" type="search" defaultValue={search} maxLength={100} optional />
          <div>
            <Button type="submit">Search</Button>
          </div>
        </form>
        {search ? <Found found={found} search={search} /> : null}
      </Section>
      <Section
        id="add"
        title="Add it"
        lead="Before it can sign, it is verified: by a record in its domain, or by evidence that the operator reads. Drafting can begin at once."
      >
        <div className="mt-4">
          <ActionForm
            action={createOrganizationAction}
            submit="Add the organization"
            keepAs={`organization of ${actor.kind === "person" ? actor.userId : "nobody"}`}
          >
            {next ? <input type="hidden" name="next" value={next} /> : null}
            <ProfileFields countries={listCountries()} />
            <Choice
              name="isAnother"
              label="If the name looks like that of another organization: ours is another one"
              hint="The operator will then ask for evidence before it can sign."
            />
          </ActionForm>
        </div>
      </Section>
    </Page>
  );
}

function Found({ found, search }: { found: readonly FoundOrganization[]; search: string }) {
  if (found.length === 0) {
    return (
      <div className="mt-4">
        <EmptyState sentence={`No organization has “${search}” in its name. Add yours below.`} />
      </div>
    );
  }
  return (
    <ul className="mt-4 divide-y divide-line border-line border-y">
      {found.map((one) => (
        <li key={one.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
          <div className="min-w-0">
            <p className="font-medium">{one.displayName}</p>
            <p className="text-muted text-sm">
              {one.legalName}, {one.country}
            </p>
          </div>
          {one.isMine ? (
            <a href={`/organizations/${one.id}`}>Open</a>
          ) : one.hasAsked ? (
            <Chip tone="wait">asked; its admins will answer</Chip>
          ) : (
            <ActionForm action={askToJoinAction} submit="Ask to join" tone="plain" className="grid gap-2">
              <input type="hidden" name="organizationId" value={one.id} />
            </ActionForm>
          )}
        </li>
      ))}
    </ul>
  );
}
