import type { Metadata } from "next";
import { contextFor } from "#app/_server/context.ts";
import { currentActor } from "#app/_server/current-actor.ts";
import { requirePage } from "#app/_server/require-page.ts";
import { SignOutForm } from "#app/_shell/sign-out.client.tsx";
import { ActionForm } from "#app/_ui/action-form.client.tsx";
import { Button, LinkButton } from "#app/_ui/button.tsx";
import { TextInput } from "#app/_ui/field.tsx";
import { Chip, EmptyState, Page, PageHeader, Section } from "#app/_ui/frame.tsx";
import { formatDate, Time } from "#app/_ui/time.tsx";
import { type AccountView, loadAccount } from "#lib/queries/load-account.ts";
import { endOtherSessionsAction, endSessionAction, erasePersonAction, renamePersonAction } from "./actions.ts";

export const metadata: Metadata = { title: "Your account" };

export default async function AccountPage() {
  const actor = await currentActor();
  const account = await requirePage("/account", () => loadAccount(contextFor(actor)));
  const memberships = actor.kind === "person" ? actor.memberships : [];
  return (
    <Page width="narrow">
      <PageHeader
        title="Your account"
        lead={
          <>
            You sign in as <strong className="break-all">{account.email}</strong>, since {formatDate(account.createdAt)}
            .
          </>
        }
      >
        <SignOutForm>
          <Button type="submit">Sign out</Button>
        </SignOutForm>
      </PageHeader>
      <Section
        id="name"
        title="Your name"
        lead="As others read it beside your edits and comments. A signature keeps the name you had when you gave it; it does not stand in the public record."
      >
        <div className="mt-4">
          <ActionForm action={renamePersonAction} submit="Save the name">
            <TextInput label="Name" name="name" defaultValue={account.name} maxLength={80} autoComplete="name" />
          </ActionForm>
        </div>
      </Section>
      <Section id="organizations" title="Organizations you act for">
        <div className="mt-4 grid gap-4">
          {memberships.length === 0 ? (
            <EmptyState sentence="You do not act for any organization yet. Join the one that exists, or make yours.">
              <LinkButton href="/organizations/new" tone="primary">
                Find or add your organization
              </LinkButton>
            </EmptyState>
          ) : (
            <ul className="divide-y divide-line border-line border-y">
              {memberships.map((one) => (
                <li key={one.organizationId} className="flex flex-wrap items-center justify-between gap-3 py-3">
                  <a href={`/organizations/${one.organizationId}`}>{one.displayName}</a>
                  <span className="text-muted text-sm">
                    {one.roles.map((role) => role.replace("-", " ")).join(", ")}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Section>
      <Sessions account={account} />
      <Section
        id="delete"
        title="Delete your account"
        lead="Your name and address are erased everywhere, also beside signatures. The acts of your organizations stay, since none of them names a person. This cannot be undone."
      >
        <div className="mt-4">
          <ActionForm action={erasePersonAction} submit="Delete my account" tone="danger">
            <TextInput
              label={`Type ${account.email} to confirm`}
              name="email"
              type="email"
              autoComplete="off"
              maxLength={254}
            />
          </ActionForm>
        </div>
      </Section>
    </Page>
  );
}

function Sessions({ account }: { account: AccountView }) {
  return (
    <Section
      id="sessions"
      title="Where you are signed in"
      lead="A session ends by itself after twelve hours without use, and after seven days."
    >
      <ul className="mt-4 divide-y divide-line border-line border-y">
        {account.sessions.map((session) => (
          <li key={session.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <div>
              <p>
                {session.device} {session.isThis ? <Chip tone="good">this browser</Chip> : null}
              </p>
              <p className="text-muted text-sm">
                signed in <Time at={session.createdAt} />, last used <Time at={session.lastSeenAt} />
              </p>
            </div>
            {session.isThis ? null : (
              <ActionForm action={endSessionAction} submit="End it" tone="plain" className="grid gap-2">
                <input type="hidden" name="sessionId" value={session.id} />
              </ActionForm>
            )}
          </li>
        ))}
      </ul>
      {account.sessions.length > 1 ? (
        <div className="mt-4">
          <ActionForm action={endOtherSessionsAction} submit="Sign out everywhere else" tone="plain" />
        </div>
      ) : null}
    </Section>
  );
}
