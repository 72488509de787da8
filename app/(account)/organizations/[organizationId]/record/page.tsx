import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { Select } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { PublicSaying } from "#app/_ui/public-saying.tsx";
import { Time } from "#app/_ui/time.tsx";
import { RowId } from "#lib/domain/ids.ts";
import { parse } from "#lib/domain/parse.ts";
import { loadOrganizationRecord, type OrganizationRecord } from "#lib/queries/organization-record.ts";
import type { RecordSignature } from "#lib/queries/record-signatures.ts";
import { declareAction, disputeAction, objectAction } from "./actions.ts";

export const metadata: Metadata = { title: "In the public record" };

export default async function RecordPage({ params }: { params: Promise<{ organizationId: string }> }) {
  const { organizationId } = await params;
  const ctx = contextFor(await currentActor());
  const record = await requirePage(`/organizations/${organizationId}/record`, () =>
    loadOrganizationRecord(ctx, parse(RowId, organizationId)),
  );
  return (
    <Page>
      <PageHeader
        over={<a href={`/organizations/${record.id}`}>{record.displayName}</a>}
        title="In the public record"
        lead="What stands in your organization’s name, and what it is asked about it. What you say here is published."
      />
      {record.successor ? (
        <Notice title={`${record.successor} stands in the place of this organization`}>
          It answers for the signatures from now on.
        </Notice>
      ) : null}
      <Corrections record={record} />
      <Signatures record={record} />
    </Page>
  );
}

function Corrections({ record }: { record: OrganizationRecord }) {
  if (record.corrections.length === 0) return null;
  return (
    <Section
      id="corrections"
      title="Corrections you may object to"
      lead="Without an objection a corrected copy is published at the end of the time. Your signature stays on the text that was signed."
    >
      <ul className="mt-4 grid gap-6">
        {record.corrections.map((one) => (
          <li key={one.id} className="grid gap-3 rounded-sm border border-line p-4">
            <h3 className="text-lg">
              {one.charter.title}, version {one.versionNumber}
            </h3>
            <p className="max-w-prose">{one.reason}</p>
            <p className="text-sm">
              Until <Time at={one.objectsUntil} />.{" "}
              <a href={`/c/${one.charter.slug}/v/${one.versionNumber}/corrections`}>Read what would change</a>
            </p>
            {record.may.object ? (
              <More summary="Object">
                <PublicSaying
                  action={objectAction}
                  submit="Object to this correction"
                  about={{ organizationId: record.id, correctionId: one.id }}
                  confirm="Object in your organization’s name? The correction falls, and everybody reads why."
                />
              </More>
            ) : (
              <p className="text-muted text-sm">An admin or representative of your organization can object.</p>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Signatures({ record }: { record: OrganizationRecord }) {
  return (
    <Section id="signatures" title="Signatures">
      {record.signatures.length === 0 ? (
        <div className="mt-4">
          <EmptyState sentence="Nothing that your organization signed is public yet." />
        </div>
      ) : (
        <ul className="mt-4 divide-y divide-line border-line border-y">
          {record.signatures.map((one) => (
            <li key={one.signActId} className="grid gap-2 py-4">
              <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <a href={`/c/${one.charter.slug}/signatories`} className="font-medium">
                  {one.charter.title}, version {one.versionNumber}
                </a>
                <StatusChip signature={one} />
              </p>
              <p className="text-muted text-sm">
                Signed as {one.signedBy} on <Time at={one.signedAt} style="date" />
                {one.carriedBy ? `; carried on by ${one.carriedBy}` : ""}
              </p>
              {record.may.endorse && record.endorsable.has(one.signActId) ? (
                <p className="max-w-prose text-sm">
                  The text was corrected. <a href={`/receipts/${one.signActId}/endorse`}>Endorse the corrected copy</a>.
                  The signature stays on the text that was signed, with or without that.
                </p>
              ) : null}
              {one.waitsUntil ? (
                <p className="max-w-prose">
                  Say until <Time at={one.waitsUntil} style="date" /> whether {record.displayName} carries this
                  signature on. What is not taken up ends.
                </p>
              ) : null}
              {record.may.declare && (one.waitsUntil || (one.isCarriedOn && one.isListed)) ? (
                <Declare record={record} signature={one} />
              ) : null}
              {record.may.dispute && one.isListed && one.status !== "DISPUTED" && one.status !== "SUCCEEDED_BY" ? (
                <Dispute record={record} signature={one} />
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Declare({ record, signature }: { record: OrganizationRecord; signature: RecordSignature }) {
  return (
    <More summary={signature.waitsUntil ? "Declare" : "Let it end"} open={signature.waitsUntil !== null}>
      <PublicSaying
        action={declareAction}
        submit="Declare"
        about={{ organizationId: record.id, signActId: signature.signActId }}
        confirm="Publish this in your organization’s name?"
        tone="primary"
      >
        <Select label="The signature" name="outcome" defaultValue={signature.waitsUntil ? "continues" : "ends"}>
          {signature.waitsUntil ? <option value="continues">is carried on by {record.displayName}</option> : null}
          <option value="ends">ends</option>
        </Select>
      </PublicSaying>
    </More>
  );
}

function Dispute({ record, signature }: { record: OrganizationRecord; signature: RecordSignature }) {
  return (
    <More summary="This was not us, or the officer was not entitled">
      <PublicSaying
        action={disputeAction}
        submit="Dispute this signature"
        about={{ organizationId: record.id, signActId: signature.signActId }}
        confirm="Dispute it? The list shows it as disputed at once, with your reason, and it does not count meanwhile."
      />
    </More>
  );
}

const chips = {
  EFFECTIVE: ["good", "stands"],
  WITHDRAWING: ["wait", "notice of withdrawal"],
  DISPUTED: ["wait", "disputed, under review"],
  SUCCEEDED_BY: ["good", "carried on"],
  WITHDRAWN: ["plain", "withdrawn"],
  VOID: ["plain", "void"],
  LAPSED: ["plain", "ended"],
} as const;

/** Where a signature stands, as people who may act on it read it. */
function StatusChip({ signature }: { signature: RecordSignature }) {
  const { status } = signature;
  if (status === "SEALED" || status === "LODGED" || status === "RETRACTED" || status === "RETURNED") return null;
  const [tone, words] = chips[status];
  return <Chip tone={tone}>{words}</Chip>;
}
