import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { requirePerson } from "#lib/domain/rights.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";
import { NarrowForm } from "./narrow-form.client.tsx";

export const metadata: Metadata = { title: "Narrow the reservations", robots: { index: false } };

export default async function NarrowPage({ params }: { params: Promise<{ actId: string }> }) {
  const { actId } = await params;
  const { view, person } = await requirePage(`/receipts/${actId}/narrow`, async () => {
    const ctx = contextFor(await currentActor());
    return { view: await loadReceipt(ctx, actId), person: requirePerson(ctx.actor) };
  });
  const { signature, version, reservations } = view;
  if (!signature) notFound();
  const canNarrow = reservations.length > 0 && (signature.status === "EFFECTIVE" || signature.status === "WITHDRAWING");
  return (
    <Page width="narrow">
      <h1 className="text-3xl">Narrow the reservations</h1>
      <div className="mt-6 grid gap-6">
        {canNarrow && view.canAct ? (
          <NarrowForm
            versionId={version.id}
            versionSha256={version.sha256Hex}
            organizationId={view.organizationId}
            name={view.payload.organization.legalName}
            reservations={reservations}
            keys={view.keys}
            takesCodes={view.takesCodes}
            email={person.email}
          />
        ) : (
          <Notice>
            {canNarrow
              ? "A signing officer of your organization with a live mandate does this."
              : "There is no reservation on the public list that could be narrowed."}
          </Notice>
        )}
        <div>
          <LinkButton href={`/receipts/${actId}`}>Back to the receipt</LinkButton>
        </div>
      </div>
    </Page>
  );
}
