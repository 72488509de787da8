import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import type { LodgingAction } from "#lib/domain/lodging.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { withdrawalEffectiveOn } from "#lib/domain/signature.ts";
import { loadReceipt, type ReceiptView } from "#lib/queries/receipt.ts";
import { WithdrawForm } from "./withdraw-form.client.tsx";

export const metadata: Metadata = { title: "Withdraw", robots: { index: false } };

export default async function WithdrawPage({ params }: { params: Promise<{ actId: string }> }) {
  const { actId } = await params;
  const { view, person, now } = await requirePage(`/receipts/${actId}/withdraw`, async () => {
    const ctx = contextFor(await currentActor());
    return { view: await loadReceipt(ctx, actId), person: requirePerson(ctx.actor), now: ctx.now };
  });
  const plan = planOf(view, now);
  if (!view.signature) notFound();
  return (
    <Page width="narrow">
      <h1 className="text-3xl">{plan?.title ?? "Nothing to withdraw"}</h1>
      <div className="mt-6 grid gap-6">
        {plan && view.canAct ? (
          <WithdrawForm
            versionId={view.version.id}
            versionSha256={view.version.sha256Hex}
            organizationId={view.organizationId}
            action={plan.action}
            words={plan.words}
            submit={plan.submit}
            asksReason={plan.action === "withdraw"}
            keys={view.keys}
            takesCodes={view.takesCodes}
            email={person.email}
          />
        ) : (
          <Notice>
            {plan
              ? "A signing officer of your organization with a live mandate does this."
              : "There is no signature in effect that could be withdrawn."}
          </Notice>
        )}
        <div>
          <LinkButton href={`/receipts/${view.actId}`}>Back to the receipt</LinkButton>
        </div>
      </div>
    </Page>
  );
}

type Plan = {
  readonly action: LodgingAction;
  readonly title: string;
  readonly words: readonly string[];
  readonly submit: string;
};

function planOf({ signature, payload, version, charter, withdrawalNoticeDays }: ReceiptView, now: Date): Plan | null {
  const name = payload.organization.legalName;
  const text = `version ${version.number} of “${charter.title}”`;
  switch (signature?.status) {
    case "SEALED":
    case "LODGED":
      return {
        action: "retract",
        title: "Pull the signature out",
        words: [
          `${payload.organization.legalName} takes its signature on ${text} out.`,
          "No trace of it ever becomes public. You keep the signed statement as your own proof, and can sign again while the version is open.",
        ],
        submit: `Pull out for ${name}`,
      };
    case "EFFECTIVE": {
      const effectiveOn = formatDate(withdrawalEffectiveOn(now, withdrawalNoticeDays));
      return {
        action: "withdraw",
        title: "Give notice of withdrawal",
        words: [
          `${payload.organization.legalName} withdraws from ${text}, with effect ${withdrawalNoticeDays === 0 ? "at once" : `on ${effectiveOn}`}.`,
          "The notice is public at once, with a number. The list keeps the organization with both dates; nothing is erased.",
          ...(withdrawalNoticeDays === 0 ? [] : ["Until that day the notice can be taken back."]),
        ],
        submit: `Withdraw for ${name}`,
      };
    }
    case "WITHDRAWING":
      return {
        action: "revoke-withdrawal",
        title: "Take the notice of withdrawal back",
        words: [
          `${payload.organization.legalName} stays on ${text}; its signature stands without a break.`,
          "Both the notice and its taking back stay in the record.",
        ],
        submit: `Take it back for ${name}`,
      };
    default:
      return null;
  }
}
