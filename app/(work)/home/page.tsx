import type { Metadata } from "next";
import Link from "next/link";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { LinkButton } from "#app/_ui/button.tsx";
import { Chip, EmptyState, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { Cell, HeadCell, RowHead, Table } from "#app/_ui/table.tsx";
import { Time } from "#app/_ui/time.tsx";
import { mayForOrganization, requirePerson } from "#lib/domain/rights.ts";
import type { Awaited } from "#lib/queries/awaited.ts";
import { awaitingMe } from "#lib/queries/awaiting-me.ts";
import { type MyCharter, myCharters } from "#lib/queries/my-charters.ts";
import { type MySignature, mySignatures } from "#lib/queries/my-signatures.ts";

export const metadata: Metadata = { title: "My charters" };

export default async function HomePage() {
  const { person, waiting, charters, signatures } = await requirePage("/home", async () => {
    const ctx = contextFor(await currentActor());
    const [waiting, { charters }, signatures] = await Promise.all([
      awaitingMe(ctx),
      myCharters(ctx),
      mySignatures(ctx),
    ]);
    return { person: requirePerson(ctx.actor), waiting, charters, signatures };
  });
  const organization = person.memberships.find((one) => one.organizationId === person.organizationId);
  const mayOpen = person.memberships.some((one) => mayForOrganization(person, "create-charter", one.organizationId));
  return (
    <Page>
      <PageHeader
        title="My charters"
        lead={
          organization
            ? `You act for ${organization.displayName}.`
            : person.isOperator
              ? "You look after this installation. Charters are drafted and signed by organizations, and you act for none."
              : "You do not act for an organization yet. Charters are drafted and signed by organizations."
        }
      >
        {mayOpen ? (
          <LinkButton href="/drafts/new" tone="primary">
            Open a charter
          </LinkButton>
        ) : organization ? null : person.isOperator ? (
          <LinkButton href="/operator" tone="primary">
            Go to operations
          </LinkButton>
        ) : (
          <LinkButton href="/organizations/new" tone="primary">
            Add your organization
          </LinkButton>
        )}
      </PageHeader>
      {waiting.length > 0 ? <Waiting waiting={waiting} /> : null}
      {signatures.length > 0 ? (
        <Section title="Signed">
          <Signatures signatures={signatures} isOfSeveral={person.memberships.length > 1} />
        </Section>
      ) : null}
      {charters.length === 0 && signatures.length > 0 && !mayOpen ? null : organization ||
        charters.length > 0 ||
        !person.isOperator ? (
        <Section title="Charters">
          {charters.length > 0 ? (
            <Charters charters={charters} />
          ) : (
            <EmptyState
              sentence={
                mayOpen || !organization
                  ? "No charter yet: open one from a template or a text of your own, or wait for an invitation by mail."
                  : "No charter yet. An admin or representative of your organization opens one, or accepts an invitation."
              }
            >
              {mayOpen ? <LinkButton href="/drafts/new">Open a charter</LinkButton> : null}
            </EmptyState>
          )}
        </Section>
      ) : waiting.length === 0 ? (
        <EmptyState sentence="Nothing waits for you. Evidence to review, keys to vouch for, disputes and lost mail would stand here." />
      ) : null}
    </Page>
  );
}

function Waiting({ waiting }: { waiting: readonly Awaited[] }) {
  return (
    <Section title="Waiting for you">
      <ul className="divide-y divide-line border-line border-y">
        {waiting.map((one) => (
          <li key={one.key} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
            <Link href={one.href} className="text-accent underline underline-offset-4">
              {one.sentence}
            </Link>
            <span className="text-muted text-sm">
              since <Time at={one.since} style="date" />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

const askedWords = {
  acknowledge: "Read the policy",
  position: "Take a position",
  "open-drafting": "Open the drafting",
} as const;

function Signatures({ signatures, isOfSeveral }: { signatures: readonly MySignature[]; isOfSeveral: boolean }) {
  return (
    <Table caption="What your organizations have signed">
      <thead>
        <tr>
          <HeadCell>Charter</HeadCell>
          {isOfSeveral ? <HeadCell>For</HeadCell> : null}
          <HeadCell>Where the signature stands</HeadCell>
          <HeadCell>Signed</HeadCell>
          <HeadCell>Receipt</HeadCell>
        </tr>
      </thead>
      <tbody>
        {signatures.map((one) => (
          <tr key={one.signActId}>
            <RowHead>
              {one.slug ? <a href={`/c/${one.slug}`}>{one.title}</a> : one.title}, version {one.versionNumber}
            </RowHead>
            {isOfSeveral ? <Cell>{one.organization}</Cell> : null}
            <Cell>
              {statusWords[one.status]}
              {one.status === "WITHDRAWING" && one.withdrawsAt ? (
                <>
                  {" "}
                  <Time at={one.withdrawsAt} style="date" />
                </>
              ) : null}
            </Cell>
            <Cell>
              <Time at={one.signedAt} style="date" />
            </Cell>
            <Cell>
              <Link href={`/receipts/${one.signActId}`} className="text-accent underline underline-offset-4">
                Open
                <span className="sr-only">
                  {" "}
                  the receipt of version {one.versionNumber} of {one.title}
                </span>
              </Link>
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const statusWords = {
  SEALED: "Sealed until the charter opens",
  LODGED: "The depositary examines it",
  EFFECTIVE: "Stands",
  WITHDRAWING: "Stands until the withdrawal takes effect on",
  WITHDRAWN: "Withdrawn",
  RETRACTED: "Pulled out",
  RETURNED: "Returned by the depositary",
  DISPUTED: "Disputed, under review",
  VOID: "Entered in error",
  LAPSED: "Ended without notice",
  SUCCEEDED_BY: "Carried on by the successor",
} as const satisfies Record<MySignature["status"], string>;

function Charters({ charters }: { charters: readonly MyCharter[] }) {
  const isAsked = charters.some((one) => one.asked);
  return (
    <Table caption="The charters at whose table your organizations sit">
      <thead>
        <tr>
          <HeadCell>Charter</HeadCell>
          <HeadCell>Where it stands</HeadCell>
          {isAsked ? <HeadCell>For you</HeadCell> : null}
        </tr>
      </thead>
      <tbody>
        {charters.map((charter) => (
          <tr key={charter.charterId}>
            <RowHead>
              <Link href={`/drafts/${charter.charterId}`} className="text-accent underline underline-offset-4">
                {charter.title}
              </Link>
            </RowHead>
            <Cell>{charter.sentence}</Cell>
            {isAsked ? (
              <Cell>{charter.asked ? <Chip tone="wait">{askedWords[charter.asked]}</Chip> : null}</Cell>
            ) : null}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
