import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Facts, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { organizationClasses } from "#lib/domain/policy.ts";
import { listCountries } from "#lib/queries/list-countries.ts";
import { loadOrganization, type OrganizationView } from "#lib/queries/load-organization.ts";
import { ProfileFields } from "../profile-fields.tsx";
import { editOrganizationAction } from "./actions.ts";
import { Mandates } from "./mandates.tsx";
import { People } from "./people.tsx";
import { Verification, VerificationChip, verificationSentence } from "./verification.tsx";

export const metadata: Metadata = { title: "Organization" };

export default async function OrganizationPage({ params }: { params: Promise<{ organizationId: string }> }) {
  const { organizationId } = await params;
  const ctx = contextFor(await currentActor());
  const organization = await requirePage(`/organizations/${organizationId}`, () =>
    loadOrganization(ctx, parse(RowId, organizationId)),
  );
  return (
    <Page>
      <PageHeader
        over="Organization"
        title={organization.displayName}
        lead={
          <>
            <VerificationChip verification={organization.verification} />{" "}
            {verificationSentence(organization.verification)}
          </>
        }
      >
        <nav aria-label="On this page" className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
          <a href="#verification">Verification</a>
          <a href="#people">People</a>
          <a href="#mandates">Signing mandates</a>
          <a href="#profile">Profile</a>
          {organization.may.sign ? <a href={`/keys/${organization.id}`}>Signing keys</a> : null}
          <a href={`/organizations/${organization.id}/record`}>In the public record</a>
          {organization.slug ? <a href={`/o/${organization.slug}`}>Public page</a> : null}
        </nav>
      </PageHeader>
      <Verification organization={organization} />
      <People organization={organization} />
      <Mandates organization={organization} today={ctx.now.toISOString().slice(0, 10)} />
      <Profile organization={organization} />
    </Page>
  );
}

function Profile({ organization }: { organization: OrganizationView }) {
  const kinds: Readonly<Record<string, string>> = organizationClasses;
  return (
    <Section
      id="profile"
      title="Profile"
      lead="This is how the organization appears when it signs. What was signed keeps the name of its day."
    >
      <div className="mt-4 grid gap-6">
        {organization.may.edit ? (
          <ActionForm action={editOrganizationAction} submit="Save the profile">
            <input type="hidden" name="organizationId" value={organization.id} />
            <ProfileFields countries={listCountries()} profile={organization} isSettled={organization.isSettled} />
          </ActionForm>
        ) : (
          <Facts
            facts={[
              ["Legal name", organization.legalName],
              ["Country", organization.countryName],
              ["What it is", kinds[organization.class] ?? organization.class],
              ["Sector", organization.sector],
              ["Website", organization.website ?? "not given"],
            ]}
          />
        )}
        {organization.formerNames.length > 0 ? (
          <p className="text-muted text-sm">
            Formerly{" "}
            {organization.formerNames
              .map((one) => `${one.legalName} (${formatDate(one.from)} to ${formatDate(one.to)})`)
              .join(", ")}
            .
          </p>
        ) : null}
      </div>
    </Section>
  );
}
