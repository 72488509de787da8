import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { Facts, Page, PageHeader } from "#app/_ui/frame.tsx";
import { loadOperatorOrganization } from "#lib/queries/operator-organization.ts";
import { Admins } from "./admins.tsx";
import { Convened } from "./convened.tsx";

export const metadata: Metadata = { title: "An organization" };

export default async function OperatorOrganizationPage({ params }: { params: Promise<{ organizationId: string }> }) {
  const { organizationId } = await params;
  const ctx = contextFor(await currentActor());
  const organization = await requirePage(`/operator/organizations/${organizationId}`, () =>
    loadOperatorOrganization(ctx, organizationId),
  );
  const { domains } = organization;
  return (
    <Page>
      <PageHeader
        over={<a href="/operator#organizations">Operations</a>}
        title={organization.displayName}
        lead="For an organization whose admin or whose people are gone. On evidence you name who looks after it, and offer the charters it convenes to others at their tables. What it signed stands."
      />
      <Facts
        facts={[
          ["Legal name", organization.legalName],
          ["Country", organization.country],
          ["Verification", organization.verification],
          ["Confirmed domains", domains.length > 0 ? domains.join(", ") : "none"],
        ]}
      />
      <Admins organization={organization} />
      <Convened organization={organization} />
    </Page>
  );
}
