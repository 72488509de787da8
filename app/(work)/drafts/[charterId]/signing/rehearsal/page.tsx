import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { formatMinute } from "#app/_ui/time.tsx";
import { counted } from "#lib/domain/version-status.ts";
import { loadCeremony } from "#lib/queries/ceremony.ts";
import { loadSigningTable } from "#lib/queries/signing-table.ts";

export const metadata: Metadata = { title: "Rehearsal", robots: { index: false } };

export default async function RehearsalPage({ params }: { params: Promise<{ charterId: string }> }) {
  const { charterId } = await params;
  const found = await requirePage(`/drafts/${charterId}/signing/rehearsal`, async () => {
    const ctx = contextFor(await currentActor());
    const table = await loadSigningTable(ctx, charterId);
    return { table, text: table.version && table.may.open ? await loadCeremony(ctx, table.version.id) : null };
  });
  const { table, text } = found;
  if (!text || table.version?.state !== "OPEN_SEALED" || !table.version.opensAt) notFound();
  const sealed = table.rows?.filter((row) => row.state === "sealed");
  return (
    <Page>
      <div className="mb-8">
        <Notice tone="wait" title="Rehearsal: nobody else sees this page">
          This is what will be public on {formatMinute(table.version.opensAt)}, if nothing changes until then.{" "}
          <Link href={`/drafts/${charterId}/signing`}>Back to signing</Link>
        </Notice>
      </div>
      <PageHeader
        title={text.title}
        lead={`Open for signature · version ${text.number} · ${
          table.counts.signed === 0
            ? `no ${table.policy.signatoryLabel} yet`
            : counted(table.counts.signed, table.policy.signatoryLabel)
        }`}
      />
      <div className="mb-8 flex flex-wrap items-center gap-5">
        <Seal hashHex={text.sha256Hex} size={72} />
        <Fingerprint hashHex={text.sha256Hex} />
      </div>
      <CharterBody clauses={text.clauses} permalinks={false} />
      <Section title="Initial signatories">
        {sealed ? (
          sealed.length > 0 ? (
            <ol className="list-decimal ps-5">
              {sealed.map((row) => (
                <li key={row.key}>{row.name}</li>
              ))}
            </ol>
          ) : (
            <p className="text-muted">No signature is sealed yet.</p>
          )
        ) : (
          <p className="text-muted">The names are known to the depositary alone until the instant.</p>
        )}
      </Section>
    </Page>
  );
}
