import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { EmptyState, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { formatDate } from "#app/_ui/time.tsx";
import { loadSigningKeys, type SigningKeys } from "#lib/queries/signing-keys.ts";
import { declareKeysOnlyAction } from "./actions.ts";
import { ApproveKey } from "./approve-key.client.tsx";
import { EnrolKey } from "./enrol-key.client.tsx";
import { EnrolOwnKey } from "./enrol-own-key.client.tsx";
import { KeyCard } from "./key-card.tsx";

export const metadata: Metadata = { title: "Signing keys" };

export default async function SigningKeysPage({ params }: { params: Promise<{ organizationId: string }> }) {
  const { organizationId } = await params;
  const view = await requirePage(`/keys/${organizationId}`, async () =>
    loadSigningKeys(contextFor(await currentActor()), organizationId),
  );
  return (
    <Page>
      <PageHeader
        over={view.name}
        title="Signing keys"
        lead="Keys that sign for the organization. They are apart from anything used to sign in, and let anyone check a signature without trusting the keeper."
      />
      {view.keys.length === 0 ? (
        <EmptyState sentence="No signing key yet. Without one, officers confirm with a code by mail, which is shown as recorded by the keeper." />
      ) : (
        <div className="grid gap-4">
          {view.keys.map((key) => (
            <KeyCard key={key.id} view={view} signingKey={key} />
          ))}
        </div>
      )}
      {view.canEnrol ? (
        <Section
          title="Enrol a passkey"
          lead={`It is made for ${view.signOrigin} and works there alone. The first key of the organization signs at once; a later one waits until an enrolled key approves it, or until your domain names it and a day has passed. You confirm it with a code by mail, and the admins and officers are told.`}
        >
          <EnrolKey organizationId={organizationId} />
        </Section>
      ) : (
        <p className="mt-8 text-muted text-sm">Signing officers enrol their own passkeys here.</p>
      )}
      {view.canManage ? (
        <Section
          title="Enrol the organization’s own key"
          lead="An Ed25519 key that never leaves a machine of yours. Officers sign with it there, after reading what they sign."
        >
          <EnrolOwnKey organizationId={organizationId} />
        </Section>
      ) : null}
      <KeysOnly view={view} />
    </Page>
  );
}

function KeysOnly({ view }: { view: SigningKeys }) {
  const hasKey = view.keys.some(({ state }) => state === "live");
  return (
    <Section
      title="Only keys count"
      lead="An organization can declare that only its keys sign for it. From then on nothing is taken in its name by a code or on paper, and whoever checks the record sees it."
    >
      <div className="grid max-w-2xl gap-4">
        {view.keysOnlySince ? (
          <>
            <Notice tone="good" title="Only keys count">
              Declared on {formatDate(view.keysOnlySince)}. Only a key of the organization takes it back.
            </Notice>
            {view.canManage && view.approvers.length > 0 ? (
              <ApproveKey
                organizationId={view.organizationId}
                keyId={null}
                approvers={view.approvers}
                verb="Let codes and paper count again"
              />
            ) : null}
          </>
        ) : view.canDeclare && hasKey ? (
          <ActionForm
            action={declareKeysOnlyAction.bind(null, view.organizationId)}
            submit="Declare that only keys count"
            tone="plain"
            confirm="Declare that only the organization’s keys count? Without a key nobody can sign or withdraw for it, and only a key takes this back."
            className="grid gap-2"
          />
        ) : (
          <p className="text-muted text-sm">
            {hasKey ? "An admin of the organization can declare it." : "Enrol a key first."}
          </p>
        )}
      </div>
    </Section>
  );
}
