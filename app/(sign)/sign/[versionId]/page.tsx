import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { queryText, type SearchParams } from "#app/_server/search-params.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { CharterBody } from "#app/_ui/clause-text.tsx";
import { Notice, Page } from "#app/_ui/frame.tsx";
import { Fingerprint, Seal } from "#app/_ui/seal.tsx";
import { formatDate, formatMinute, formatOpening } from "#app/_ui/time.tsx";
import { excerptOf } from "#lib/domain/clause-diff.ts";
import { countryName } from "#lib/domain/country-name.ts";
import { organizationClasses } from "#lib/domain/policy.ts";
import { type Ceremony as CeremonyView, loadCeremony } from "#lib/queries/ceremony.ts";
import { WaitingStatement } from "../../_ceremony/waiting-statement.client.tsx";
import { Ceremony } from "./ceremony.client.tsx";
import { ChangesSince } from "./changes-since.tsx";
import { CorrectedCopy } from "./corrected-copy.tsx";

export const metadata: Metadata = { title: "Sign", robots: { index: false } };

type Props = { params: Promise<{ versionId: string }>; searchParams: SearchParams };

export default async function SignPage({ params, searchParams }: Props) {
  const { versionId } = await params;
  const wanted = await queryText(searchParams, "for");
  const path = `/sign/${versionId}${wanted ? `?for=${encodeURIComponent(wanted)}` : ""}`;
  const view = await requirePage(path, async () => loadCeremony(contextFor(await currentActor()), versionId, wanted));
  return (
    <Page width="narrow">
      <header className="mb-8 border-line border-b pb-5">
        <p className="text-muted text-sm">
          Convened by {view.convenor} · version {view.number}
          {view.adoptedAt ? ` · adopted ${formatDate(view.adoptedAt)}` : ""}
        </p>
        <h1 className="text-3xl">{view.title}</h1>
        {view.opensAt ? (
          <p className="mt-2 text-amber text-sm">
            Confidential until {whenOf(view)}. Before that the public sees nothing of it.
          </p>
        ) : null}
        {view.invitation?.message ? <p className="mt-3 max-w-prose text-sm">“{view.invitation.message}”</p> : null}
        <OrganizationChoice view={view} />
      </header>
      <Body view={view} />
    </Page>
  );
}

function Body({ view }: { view: CeremonyView }) {
  const { standing } = view;
  if (standing.kind === "signed") return <Signed standing={standing} />;
  if (!view.isSignable) {
    return (
      <div className="grid gap-6">
        <Notice title="Nothing to sign now">{view.closedMessage}</Notice>
        <ReadOnly view={view} />
      </div>
    );
  }
  if (standing.kind === "no-organization") {
    return (
      <div className="grid gap-6">
        <Notice tone="wait" title="Organizations sign, not persons">
          You do not act for an organization yet. Add yours, or ask to join the one that exists; then come back here.
        </Notice>
        <div>
          <LinkButton href={`/organizations/new?next=${encodeURIComponent(`/sign/${view.versionId}`)}`} tone="primary">
            Add your organization
          </LinkButton>
        </div>
        <ReadOnly view={view} />
      </div>
    );
  }
  if (standing.kind === "blocked") {
    return (
      <div className="grid gap-6">
        <Notice tone="wait" title={blockedTitles[standing.code] ?? "You cannot sign yet"}>
          {standing.message}
        </Notice>
        {view.organizationId ? (
          <div>
            <LinkButton href={`/organizations/${view.organizationId}`}>Open the organization’s page</LinkButton>
          </div>
        ) : null}
        <ReadOnly view={view} />
      </div>
    );
  }
  const { organization, mandate, keys } = standing;
  return (
    <>
      {standing.waiting ? (
        <WaitingStatement
          preparedId={standing.waiting.preparedId}
          statement={standing.waiting.statement}
          until={formatMinute(standing.waiting.expiresAt)}
        />
      ) : null}
      <Ceremony
        versionId={view.versionId}
        title={view.title}
        number={view.number}
        sha256Hex={view.sha256Hex}
        organization={{
          id: organization.id,
          legalName: organization.legalName,
          displayName: organization.displayName,
          country: countryName(organization.country),
          kind: className(organization.class),
          sector: organization.sector,
          domain: organization.domain ?? "not confirmed; verified on evidence",
        }}
        officer={view.person.name}
        mandate={{ title: mandate.title, words: mandateWords(mandate) }}
        reservable={view.reservable.map(({ id, number, heading, body }) => ({
          id,
          number,
          heading,
          opening: excerptOf(body),
        }))}
        keys={keys.map((key) => ({
          id: key.id,
          label: `${key.label}, enrolled ${formatDate(key.enrolledAt)}`,
          isOwn: key.isOwn,
          signsFrom: key.signsFrom,
        }))}
        takesCodes={standing.takesCodes}
        email={view.person.email}
        label={view.policy.signatoryLabel}
        publicWhen={
          view.opensAt
            ? `The signature is sealed now and becomes public on ${whenOf(view)}; until then you can pull it out without a trace.`
            : "The signature becomes public at once, with a numbered notification."
        }
        withdrawal={sentenceOf(view, "withdrawalNoticeDays")}
        text={<FullText view={view} />}
        fingerprint={<FingerprintOf view={view} />}
        keysHref={`/keys/${organization.id}`}
      />
    </>
  );
}

function Signed({ standing }: { standing: Extract<CeremonyView["standing"], { kind: "signed" }> }) {
  return (
    <div className="grid gap-6">
      <Notice tone="good" title={standing.isOwn ? "You have signed" : "A colleague has signed already"}>
        {standing.isOwn ? "You" : "A colleague"} signed this version for your organization on{" "}
        {formatMinute(standing.signedAt)}. {standing.isSealed ? "The signature is sealed." : ""} One signature stands
        for the organization; nothing more is needed.
      </Notice>
      <div className="flex flex-wrap gap-3">
        <LinkButton href={`/receipts/${standing.actId}`} tone="primary">
          Open the receipt
        </LinkButton>
        <LinkButton href="/home">Back to my charters</LinkButton>
      </div>
    </div>
  );
}

function OrganizationChoice({ view }: { view: CeremonyView }) {
  const others = view.organizations.filter((one) => one.id !== view.organizationId);
  if (others.length === 0) return null;
  return (
    <p className="mt-3 text-sm">
      Instead for{" "}
      {others.map((one, at) => (
        <span key={one.id}>
          {at > 0 ? ", " : ""}
          <Link href={`/sign/${view.versionId}?for=${one.id}`}>{one.name}</Link>
        </span>
      ))}
    </p>
  );
}

function ReadOnly({ view }: { view: CeremonyView }) {
  return (
    <div className="grid gap-6">
      <FingerprintOf view={view} />
      <div className="border-line border-t pt-6">
        <FullText view={view} />
      </div>
    </div>
  );
}

function FullText({ view }: { view: CeremonyView }) {
  return (
    <>
      <CorrectedCopy view={view} />
      {view.since ? <ChangesSince since={view.since} number={view.number} /> : null}
      <CharterBody clauses={view.clauses} permalinks={false} />
    </>
  );
}

function FingerprintOf({ view }: { view: CeremonyView }) {
  return (
    <div className="flex flex-wrap items-center gap-5">
      <Seal hashHex={view.sha256Hex} size={72} />
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-muted text-sm">Fingerprint of the text (SHA-256)</p>
        <Fingerprint hashHex={view.sha256Hex} />
        <details className="mt-1 text-sm">
          <summary className="cursor-pointer text-muted">What is this?</summary>
          <p className="mt-1 max-w-prose">
            A number computed from every character of this version. The same text always gives the same number, and what
            you sign names it. The seal is drawn from it as a help for the eye; the number is the proof.
          </p>
        </details>
        <p className="mt-1 text-sm">
          <a href={`/sign/${view.versionId}/text.md`}>Download the text</a>
        </p>
      </div>
    </div>
  );
}

function mandateWords(mandate: { from: Date; to: Date | null; grantedBy: string }): string {
  const until = mandate.to ? `until ${formatDate(mandate.to)}` : "until further notice";
  return `Your mandate, recorded by ${mandate.grantedBy}, counts from ${formatDate(mandate.from)} ${until}.`;
}

function whenOf({ opensAt, opensZone }: CeremonyView): string {
  if (!opensAt) return "";
  return formatOpening(opensAt, opensZone);
}

function sentenceOf(view: CeremonyView, policy: string): string {
  return view.policySentences.find((one) => one.policy === policy)?.sentence ?? "";
}

function className(kind: string): string {
  return Object.entries(organizationClasses).find(([key]) => key === kind)?.[1] ?? kind;
}

const blockedTitles: Readonly<Record<string, string>> = {
  "not-verified": "Your organization is not verified",
  "mandate-missing": "Your signing mandate is missing",
  "mandate-expired": "Your signing mandate does not count now",
  "not-permitted": "You cannot sign this for your organization",
  "version-closed": "Closed to signature",
};
