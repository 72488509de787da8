import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { Button } from "#app/_ui/button.tsx";
import { Select, TextInput } from "#app/_ui/field.tsx";
import { EmptyState, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { More } from "#app/_ui/more.tsx";
import { PublicSaying } from "#app/_ui/public-saying.tsx";
import { Said } from "#app/_ui/said.client.tsx";
import { DisputedSignature, type Sayings, SignatureSayings } from "#app/_ui/signature-sayings.tsx";
import { type FoundOrganization, loadOperatorRecord, type OperatorRecord } from "#lib/queries/operator-record.ts";
import { disputeAction, settleAction, succeedAction, voidAction, withholdAction } from "./actions.ts";

export const metadata: Metadata = { title: "The record" };

export default async function OperatorRecordPage({ searchParams }: { searchParams: SearchParams }) {
  const search = (await queryText(searchParams, "q")) ?? "";
  const ctx = contextFor(await currentActor());
  const view = await requirePage("/operator/record", () => loadOperatorRecord(ctx, search));
  return (
    <Page>
      <PageHeader
        over={<a href="/operator">Operations</a>}
        title="The record"
        lead="What an operator can say about signatures and organizations. Nothing is changed or taken out: each is an act of its own, numbered and published, and the log says that it is the operator’s word."
      />
      <Disputes disputed={view.disputed} />
      <Organizations view={view} search={search} />
      <Withhold versions={view.versions} />
    </Page>
  );
}

const sayings: Sayings = { dispute: disputeAction, settle: settleAction, annul: voidAction };

function Disputes({ disputed }: { disputed: OperatorRecord["disputed"] }) {
  return (
    <Section
      id="disputes"
      title="Disputes"
      lead="Signatures under review; they count for nothing until this is settled."
    >
      <Said className="mt-4 grid gap-6">
        {disputed.length === 0 ? <EmptyState sentence="No open disputes." /> : null}
        {disputed.map((one) => (
          <DisputedSignature
            key={one.signActId}
            name={`${one.signedBy} on ${one.charter.title}, version ${one.versionNumber}`}
            since={one.since}
            reason={one.reason}
            signActId={one.signActId}
            sayings={sayings}
          />
        ))}
      </Said>
    </Section>
  );
}

function Organizations({ view, search }: { view: OperatorRecord; search: string }) {
  return (
    <Section id="organizations" title="Signatures and successions" lead="Look for the organization that it is about.">
      <form method="get" className="mt-4 flex flex-wrap items-end gap-3">
        <div className="grow basis-60">
          <TextInput label="Part of the name" name="q" type="search" defaultValue={search} maxLength={100} optional />
        </div>
        <Button type="submit">Search</Button>
      </form>
      <Said className="mt-6 grid gap-8">
        {search && view.found.length === 0 ? (
          <EmptyState sentence={`No organization has “${search}” in its name.`} />
        ) : null}
        {view.found.map((organization) => (
          <Organization key={organization.id} organization={organization} successors={view.successors} />
        ))}
      </Said>
    </Section>
  );
}

function Organization({
  organization,
  successors,
}: {
  organization: FoundOrganization;
  successors: OperatorRecord["successors"];
}) {
  return (
    <article className="grid gap-4">
      <h3 className="text-lg">
        {organization.displayName}{" "}
        <span className="font-normal font-sans text-muted text-sm">{organization.legalName}</span>
      </h3>
      {organization.signatures.length === 0 ? <p className="text-muted">It has no public signature.</p> : null}
      <ul className="divide-y divide-line border-line border-y empty:hidden">
        {organization.signatures.map((one) => (
          <li key={one.signActId} className="py-2">
            <SignatureSayings name={`${one.charter.title}, version ${one.versionNumber}`} one={one} sayings={sayings} />
          </li>
        ))}
      </ul>
      {organization.successor ? (
        <p>{organization.successor} stands in its place.</p>
      ) : (
        <More summary="Another organization stands in its place">
          <Succession organization={organization} successors={successors} />
        </More>
      )}
    </article>
  );
}

function Succession({
  organization,
  successors,
}: {
  organization: FoundOrganization;
  successors: OperatorRecord["successors"];
}) {
  return (
    <PublicSaying
      action={succeedAction}
      submit="Record the succession"
      about={{ organizationId: organization.id }}
      label="Evidence"
      hint="What it rests on, such as a register and its number. Published."
      max={700}
      confirm={`Record that another organization stands in the place of ${organization.displayName}? It cannot act any more, and this is not undone.`}
    >
      <Select label="Successor" name="successorId" defaultValue="">
        <option value="" disabled>
          Choose a verified organization
        </option>
        {successors
          .filter((one) => one.id !== organization.id)
          .map((one) => (
            <option key={one.id} value={one.id}>
              {one.name}
            </option>
          ))}
      </Select>
      <Select
        label="Ground"
        name="ground"
        defaultValue="merger"
        hint="Except for a duplicate, no signature moves by itself: the successor declares each within 90 days."
      >
        <option value="merger">It was merged into the successor</option>
        <option value="legal-form">The legal person was replaced by the successor</option>
        <option value="duplicate">The same organization was entered twice</option>
      </Select>
    </PublicSaying>
  );
}

function Withhold({ versions }: { versions: OperatorRecord["versions"] }) {
  return (
    <Section
      id="withhold"
      title="Withhold a clause"
      lead="For words that must not be public, such as a person’s data. Their fingerprint stays, signatures stand, and the log says that something is withheld. Each version is withheld by itself."
    >
      <Said className="mt-4 max-w-xl">
        {versions.length === 0 ? (
          <EmptyState sentence="No text is public yet." />
        ) : (
          <More summary="Withhold the words of a clause">
            <PublicSaying
              action={withholdAction}
              submit="Withhold it"
              about={{}}
              hint="Published. Do not repeat the words."
              max={500}
              confirm="Publish these words no longer? That is not undone."
            >
              <Select label="Version" name="versionId" defaultValue="">
                <option value="" disabled>
                  Choose a public version
                </option>
                {versions.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.title}, version {one.number}
                  </option>
                ))}
              </Select>
              <TextInput
                label="Clause"
                name="clauseId"
                hint="Its address, or the twelve characters at its end."
                maxLength={300}
              />
            </PublicSaying>
          </More>
        )}
      </Said>
    </Section>
  );
}
