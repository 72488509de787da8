import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { TextArea, TextInput } from "#app/_ui/field.tsx";
import { Chip, Notice, Section } from "#app/_ui/frame.tsx";
import { formatDate, Time } from "#app/_ui/time.tsx";
import { listCountries } from "#lib/queries/list-countries.ts";
import type { OrganizationView } from "#lib/queries/load-organization.ts";
import { WantedFields } from "../profile-fields.tsx";
import { askForReviewAction, checkDomainAction, claimDomainAction, releaseDomainAction } from "./actions.ts";

type State = OrganizationView["verification"];

export function VerificationChip({ verification }: { verification: State }) {
  const words = {
    verified: "verified",
    lapsed: "domain not confirmed lately",
    suspended: "suspended",
    unverified: "not verified yet",
  };
  const tones = { verified: "good", lapsed: "wait", suspended: "problem", unverified: "wait" } as const;
  return <Chip tone={tones[verification.state]}>{words[verification.state]}</Chip>;
}

/** Where the verification stands and what follows from it, in one sentence. */
export function verificationSentence(verification: State): string {
  switch (verification.state) {
    case "verified":
      return verification.by === "domain"
        ? `By the domain ${verification.domain}, last confirmed on ${formatDate(verification.lastGoodAt)}.`
        : `By evidence that the operator read on ${formatDate(verification.reviewedAt)}.`;
    case "lapsed":
      return `The record of ${verification.domain} was last seen on ${formatDate(verification.lastGoodAt)}. What was signed stands; new signatures wait until it is back.`;
    case "suspended":
      return "The operator has suspended the organization. What was signed stands; it cannot act for now.";
    case "unverified":
      return "It can draft, but it cannot sign until it is verified.";
  }
}

/** The two ways to be verified, and where each stands. */
export function Verification({ organization }: { organization: OrganizationView }) {
  const openReview = organization.reviews.find((one) => one.outcome === null);
  const lastReview = organization.reviews.find((one) => one.outcome !== null);
  return (
    <Section
      id="verification"
      title="Verification"
      lead="It shows that those who act here may speak for the organization. One of two ways is enough."
    >
      <div className="mt-4 grid gap-8 lg:grid-cols-2">
        <div className="grid min-w-0 content-start gap-4">
          <h3 className="text-lg">By its domain</h3>
          {organization.domains.map((one) => (
            <Domain key={one.id} organization={organization} claim={one} />
          ))}
          {organization.may.verify ? (
            <ActionForm action={claimDomainAction} submit="Add the domain" tone="plain" resetOnDone>
              <input type="hidden" name="organizationId" value={organization.id} />
              <TextInput
                label="Domain"
                name="domain"
                placeholder="example.org"
                hint="The registered domain of the organization. Somebody who looks after it adds one record."
                maxLength={253}
                autoCapitalize="none"
              />
            </ActionForm>
          ) : organization.domains.length === 0 ? (
            <p className="text-muted text-sm">No domain is on the list. An admin can add one.</p>
          ) : null}
        </div>
        <div className="grid min-w-0 content-start gap-4">
          <h3 className="text-lg">By evidence</h3>
          {openReview ? (
            <Notice tone="wait" title="The operator has your evidence">
              Handed in <Time at={openReview.requestedAt} />. A mail comes when it is decided.
            </Notice>
          ) : null}
          {lastReview?.outcomeReason ? (
            <Notice
              tone={lastReview.outcome === "verified" ? "good" : "problem"}
              title={
                lastReview.outcome === "verified"
                  ? "Verified by the operator"
                  : lastReview.outcome === "change-refused"
                    ? "The change was not made"
                    : "Not verified on the last evidence"
              }
            >
              {lastReview.outcomeReason}
            </Notice>
          ) : null}
          {organization.may.verify && !openReview ? (
            <ActionForm action={askForReviewAction} submit="Hand in the evidence" tone="plain" resetOnDone>
              <input type="hidden" name="organizationId" value={organization.id} />
              <TextArea
                label="What shows who you are"
                name="evidence"
                hint="A number in a public register, a page of the organization that names you, a letter with a number to call back."
                minLength={10}
                maxLength={4000}
              />
              <details>
                <summary className="cursor-pointer text-sm">Ask for a new name, country or kind as well</summary>
                <div className="mt-4 grid gap-5">
                  <p className="text-muted text-sm">
                    What you leave empty stays as it is. The change is made when the operator has verified it.
                  </p>
                  <WantedFields countries={listCountries()} />
                </div>
              </details>
            </ActionForm>
          ) : null}
          {!organization.may.verify && organization.reviews.length === 0 ? (
            <p className="text-muted text-sm">No evidence was handed in. An admin can do that.</p>
          ) : null}
        </div>
      </div>
    </Section>
  );
}

function Domain({
  organization,
  claim,
}: {
  organization: OrganizationView;
  claim: OrganizationView["domains"][number];
}) {
  return (
    <article className="grid gap-3 rounded-sm border border-line p-4">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <span className="break-all">{claim.domain}</span>
        {claim.confirmedAt ? <Chip tone="good">confirmed</Chip> : <Chip tone="wait">not confirmed yet</Chip>}
      </p>
      <dl className="grid gap-1 text-sm">
        <dt className="text-muted">TXT record at</dt>
        <dd>
          <code className="select-all break-all">{claim.record.name}</code>
        </dd>
        <dt className="mt-1 text-muted">with the value</dt>
        <dd>
          <code className="select-all break-all">{claim.record.value}</code>
        </dd>
      </dl>
      {claim.lastProblem ? <p className="text-red text-sm">{claim.lastProblem}</p> : null}
      {claim.lastCheckedAt ? (
        <p className="text-muted text-sm">
          Last looked at <Time at={claim.lastCheckedAt} />
          {claim.lastGoodAt ? (
            <>
              , last good <Time at={claim.lastGoodAt} />
            </>
          ) : null}
          . Confirmed domains are looked at every day.
        </p>
      ) : null}
      {organization.may.verify ? (
        <div className="flex flex-wrap gap-3">
          <ActionForm action={checkDomainAction} submit="Check now" tone="plain" className="grid gap-2">
            <input type="hidden" name="organizationId" value={organization.id} />
            <input type="hidden" name="claimId" value={claim.id} />
          </ActionForm>
          <ActionForm
            action={releaseDomainAction}
            submit="Take off the list"
            tone="quiet"
            confirm={`Take ${claim.domain} off the list? Without a verified domain or evidence the organization cannot sign.`}
            className="grid gap-2"
          >
            <input type="hidden" name="organizationId" value={organization.id} />
            <input type="hidden" name="claimId" value={claim.id} />
          </ActionForm>
        </div>
      ) : null}
    </article>
  );
}
