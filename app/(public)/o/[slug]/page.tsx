import type { Metadata } from "next";
import { Facts, Notice, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Monogram } from "#app/_ui/monogram.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { sharedSite } from "#lib/config/site.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { loadPublicOrganization, type PublicOrganization } from "#lib/queries/public-organization.ts";
import { askPlain, type PageProps } from "../../_parts/ask.ts";
import { EvidenceLegend } from "../../_parts/evidence-legend.tsx";
import { JsonLd } from "../../_parts/json-ld.tsx";
import { RefusedQuery } from "../../_parts/refused-query.tsx";
import { SignatureStatus } from "../../_parts/signature-status.tsx";
import { SignedWords } from "../../_parts/signed-words.tsx";
import { capital, className, counted, evidenceWords } from "../../_parts/words.ts";

export const dynamic = "force-dynamic";

type Props = PageProps<{ slug: string }>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { slug } = await params;
  return { title: "Organization", alternates: { canonical: `${sharedSite().publicUrl}/o/${slug}` } };
}

export default async function OrganizationPage({ params, searchParams }: Props) {
  const { slug } = await params;
  const asked = await askPlain(searchParams, (ctx) => loadPublicOrganization(ctx, slug));
  if (asked instanceof Error) return <RefusedQuery refusal={asked} path={`/o/${slug}`} />;
  const organization = asked.view;
  const { publicUrl } = sharedSite();
  return (
    <Page>
      <title>{`${organization.displayName} · Concordat`}</title>
      <JsonLd
        data={{
          "@type": "Organization",
          "@id": `${publicUrl}/o/${slug}`,
          name: organization.displayName,
          legalName: organization.legalName,
          address: { "@type": "PostalAddress", addressCountry: organization.country },
          ...(organization.website ? { url: organization.website } : {}),
        }}
      />
      <PageHeader
        over={
          <span className="flex items-center gap-3">
            <Monogram name={organization.displayName} />
            <span>
              {capital(className(organization.class))} · {countryName(organization.country)}
              {organization.sector ? ` · ${organization.sector}` : ""}
            </span>
          </span>
        }
        title={organization.displayName}
        lead={`${counted(organization.charters.length, "charter")} on the public record.`}
      />
      {organization.successor ? (
        <div className="mb-8 max-w-prose">
          <Notice title={`${organization.successor.displayName} stands in its place`}>
            Since <Time at={organization.successor.since} style="date" />. Signatures did not move by themselves: the
            successor declared of each whether it carries it on.{" "}
            {organization.successor.slug ? (
              <a href={`/o/${organization.successor.slug}`}>See {organization.successor.displayName}</a>
            ) : null}
          </Notice>
        </div>
      ) : null}
      <Section title="Charters">
        {organization.charters.length > 0 ? (
          <>
            <Charters organization={organization} />
            <EvidenceLegend />
          </>
        ) : null}
        {organization.enteredInError.map((charter) => (
          <p key={charter.slug} className="mt-4 max-w-prose text-sm">
            {organization.displayName} was entered as a signatory of <a href={`/c/${charter.slug}`}>{charter.title}</a>{" "}
            in error; that entry is void from the start and off the list.{" "}
            <a href={`/c/${charter.slug}/notifications`}>See the notification</a>
          </p>
        ))}
        {organization.keysOnlySince ? (
          <p className="mt-4 max-w-prose text-sm">
            Since <Time at={organization.keysOnlySince} style="date" /> only the organization’s own keys sign for it: a
            later signature by a code or on paper would be none.
          </p>
        ) : null}
      </Section>
      <Section
        title="Names"
        lead="What the organization was called, and since when. Its place in the record stays the same."
      >
        <Facts facts={nameFacts(organization)} />
      </Section>
      {organization.website ? (
        <Section title="Website">
          <p>
            <a href={organization.website} rel="nofollow noopener">
              {organization.website}
            </a>
          </p>
        </Section>
      ) : null}
    </Page>
  );
}

function Charters({ organization }: { organization: PublicOrganization }) {
  return (
    <Table caption={`Charters that ${organization.displayName} signed`}>
      <thead>
        <tr>
          <HeadCell>Charter</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>Version</HeadCell>
          <HeadCell>Signed</HeadCell>
          <HeadCell>Signed as</HeadCell>
          <HeadCell>Shown by</HeadCell>
        </tr>
      </thead>
      <tbody>
        {organization.charters.flatMap((charter) =>
          charter.periods.map((period) => (
            <tr key={period.actId}>
              <RowHead className="min-w-48">
                <a href={`/c/${charter.slug}`} className="text-ink underline decoration-line underline-offset-4">
                  {charter.title}
                </a>
                <SignedWords period={period} slug={charter.slug} numbers={charter.clauseNumbers} />
              </RowHead>
              <Cell>
                {period.status === "effective" ? charter.label : <SignatureStatus period={period} />}
                {period.successorId && period.successorId !== organization.id ? (
                  <span className="block text-muted">carried on by its successor</span>
                ) : null}
              </Cell>
              <Cell>{period.versionNumber}</Cell>
              <Cell className="whitespace-nowrap">
                <Time at={period.signedAt} style="date" />{" "}
                <span className="text-muted">{period.isInitial ? "initial" : "joined later"}</span>
              </Cell>
              <Cell>{period.organization.legalName}</Cell>
              <Cell className="min-w-32">{evidenceWords(period.evidenceClass)}</Cell>
            </tr>
          )),
        )}
      </tbody>
    </Table>
  );
}

function nameFacts({ names, legalName, displayName }: PublicOrganization): [React.ReactNode, React.ReactNode][] {
  if (names.length === 0) return [["Now", displayName === legalName ? legalName : `${displayName} (${legalName})`]];
  return names.map((name) => [
    <span key="when">
      from <Time at={name.from} style="date" />
      {name.to ? (
        <>
          {" "}
          to <Time at={name.to} style="date" />
        </>
      ) : null}
    </span>,
    name.displayName === name.legalName ? name.legalName : `${name.displayName} (${name.legalName})`,
  ]);
}
