import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { requirePerson } from "#lib/domain/rights.ts";
import { loadReceipt } from "#lib/queries/receipt.ts";
import { WithdrawForm } from "../withdraw/withdraw-form.client.tsx";

export const metadata: Metadata = { title: "Re-affirm", robots: { index: false } };

export default async function ReaffirmPage({ params }: { params: Promise<{ actId: string }> }) {
  const { actId } = await params;
  const { view, person } = await requirePage(`/receipts/${actId}/reaffirm`, async () => {
    const ctx = contextFor(await currentActor());
    return { view: await loadReceipt(ctx, actId), person: requirePerson(ctx.actor) };
  });
  const { signature, payload, version, charter, reservations } = view;
  if (!signature) notFound();
  const isListed = signature.status === "EFFECTIVE" || signature.status === "WITHDRAWING";
  const name = payload.organization.legalName;
  return (
    <Page width="narrow">
      <h1 className="text-3xl">Re-affirm the signature</h1>
      <div className="mt-6 grid gap-6">
        {isListed && view.canAct ? (
          <WithdrawForm
            versionId={version.id}
            versionSha256={version.sha256Hex}
            organizationId={view.organizationId}
            action="reaffirm"
            words={[
              `${name} re-affirms its signature on version ${version.number} of “${charter.title}”${
                reservations.length === 0
                  ? "."
                  : `, with its reservations to ${reservations.map((one) => `clause ${one.number}`).join(", ")}.`
              }`,
              "The list shows today as the day it was last re-affirmed, with a numbered notification. The signature itself stays as it is, and would stay without.",
            ]}
            submit={`Re-affirm for ${name}`}
            asksReason={false}
            keys={view.keys}
            takesCodes={view.takesCodes}
            email={person.email}
          />
        ) : (
          <Notice>
            {isListed
              ? "A signing officer of your organization with a live mandate does this."
              : "There is no signature on the public list that could be re-affirmed."}
          </Notice>
        )}
        <div>
          <LinkButton href={`/receipts/${actId}`}>Back to the receipt</LinkButton>
        </div>
      </div>
    </Page>
  );
}
