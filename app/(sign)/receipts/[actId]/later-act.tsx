import type { ReactNode } from "react";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { Refusal } from "#lib/domain/refusal.ts";
import { requirePerson } from "#lib/domain/rights.ts";
import { loadReceipt, type ReceiptView } from "#lib/queries/receipt.ts";
import type { KeyChoice } from "../../_ceremony/confirm-step.client.tsx";

/** Params of the pages on which a later act on a signature is done. */
export type LaterActProps = { readonly params: Promise<{ actId: string }> };

/** What such a page works from; `signing` is what the confirmation needs to know, whatever the act is. */
export type LaterAct = {
  readonly view: ReceiptView;
  readonly signature: NonNullable<ReceiptView["signature"]>;
  readonly name: string;
  readonly now: Date;
  readonly signing: {
    readonly versionId: string;
    readonly versionSha256: string;
    readonly organizationId: string;
    readonly keys: readonly KeyChoice[];
    readonly takesCodes: boolean;
    readonly email: string;
  };
};

/** Loads the signature that a later act is about; leads to the sign-in page or to "not found" where there is none for this person. */
export async function loadLaterAct({ params }: LaterActProps, page: string): Promise<LaterAct> {
  const { actId } = await params;
  return requirePage(`/receipts/${actId}/${page}`, async () => {
    const ctx = contextFor(await currentActor());
    const view = await loadReceipt(ctx, actId);
    const { email } = requirePerson(ctx.actor);
    const { signature, version, organizationId, keys, takesCodes } = view;
    if (!signature) throw new Refusal("not-found", "There is no such signature.");
    return {
      view,
      signature,
      name: view.payload.organization.legalName,
      now: ctx.now,
      signing: { versionId: version.id, versionSha256: version.sha256Hex, organizationId, keys, takesCodes, email },
    };
  });
}

/** The page of a later act: its form for those who may do it, else a sentence that says who may, or why nobody can. */
export function LaterActPage({
  act,
  title,
  isPossible,
  impossible,
  children,
}: {
  act: LaterAct;
  title: string;
  /** Whether the signature stands so that this can be done to it; `impossible` says so where it does not. */
  isPossible: boolean;
  impossible: string;
  children: ReactNode;
}) {
  return (
    <Page width="narrow">
      <h1 className="text-3xl">{title}</h1>
      {isPossible && act.view.canAct && act.view.capacity !== null ? (
        <p className="mt-3 text-muted">
          You act for {act.name} as {act.view.capacity}. This is not a personal act.
        </p>
      ) : null}
      <div className="mt-6 grid gap-6">
        {isPossible && act.view.canAct ? (
          children
        ) : (
          <Notice>
            {isPossible ? "A signing officer of your organization with a live mandate does this." : impossible}
          </Notice>
        )}
        <div>
          <LinkButton href={`/receipts/${act.view.actId}`}>Back to the receipt</LinkButton>
        </div>
      </div>
    </Page>
  );
}
