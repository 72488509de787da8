import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Chip, EmptyState, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Fingerprint } from "#app/_ui/seal.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { loadSigningKeys, type SigningKeyView } from "#lib/queries/signing-keys.ts";
import { revokeSigningKeyAction } from "./actions.ts";
import { EnrolKey } from "./enrol-key.client.tsx";

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
        lead="A passkey that signs for the organization. It is apart from anything used to sign in, and lets anyone check a signature without trusting the keeper."
      />
      {view.keys.length === 0 ? (
        <EmptyState sentence="No signing key yet. Without one, officers confirm with a code by mail, which is shown as recorded by the keeper." />
      ) : (
        <Keys organizationId={organizationId} keys={view.keys} />
      )}
      {view.canEnrol ? (
        <Section
          title="Enrol a key"
          lead={`It is made for ${view.signOrigin} and works there alone. That the key is your organization’s is the keeper’s word, and is shown as such.`}
        >
          <EnrolKey organizationId={organizationId} />
        </Section>
      ) : (
        <p className="mt-8 text-muted text-sm">Signing officers enrol their own keys here.</p>
      )}
    </Page>
  );
}

function Keys({ organizationId, keys }: { organizationId: string; keys: readonly SigningKeyView[] }) {
  return (
    <Table caption="Signing keys of the organization">
      <thead>
        <tr>
          <HeadCell>Key</HeadCell>
          <HeadCell>Officer</HeadCell>
          <HeadCell>Enrolled</HeadCell>
          <HeadCell>State</HeadCell>
        </tr>
      </thead>
      <tbody>
        {keys.map((key) => (
          <tr key={key.id}>
            <RowHead>
              {key.label}
              <span className="block font-normal text-muted">
                <Fingerprint hashHex={key.keySha256} short />
              </span>
            </RowHead>
            <Cell>{key.officer}</Cell>
            <Cell>
              <Time at={key.enrolledAt} style="date" />
              <span className="block text-muted">{boundWords[key.boundBy] ?? boundWords.operator}</span>
            </Cell>
            <Cell>
              {key.revokedAt ? (
                <Chip>
                  revoked <Time at={key.revokedAt} style="date" />
                </Chip>
              ) : key.canRevoke ? (
                <ActionForm
                  action={revokeSigningKeyAction.bind(null, organizationId, key.id)}
                  submit="Revoke"
                  tone="danger"
                  confirm="Revoke this key? Nothing can be signed with it any more; what it signed stands."
                  className="grid gap-2"
                />
              ) : (
                <Chip tone="good">live</Chip>
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const boundWords: Readonly<Record<string, string>> = {
  dns: "named in the organization’s DNS",
  "well-known": "named on the organization’s site",
  key: "approved by an enrolled key",
  operator: "vouched for by the keeper",
};
