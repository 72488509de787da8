import type { ReactNode } from "react";
import { Toaster } from "sonner";
import { currentActor } from "#app/_server/current-actor.ts";
import { Monogram } from "#app/_ui/monogram.tsx";
import { SiteFooter, SiteHeader } from "#app/_ui/site-header.tsx";
import { sharedSite } from "#lib/config/site.ts";
import type { Person } from "#lib/domain/actor.ts";
import { OrganizationSwitch } from "./organization-switch.client.tsx";
import { SignOutForm } from "./sign-out.client.tsx";

/** What surrounds every page that knows who is asking. It decides nothing: each page asks for itself. */
export async function SignedInFrame({ children }: { children: ReactNode }) {
  const actor = await currentActor();
  const { isDemo } = sharedSite();
  const person = actor.kind === "person" ? actor : undefined;
  const links = person
    ? [
        { href: "/home", label: "My charters" },
        { href: "/charters", label: "Public charters" },
        ...(person.isOperator ? [{ href: "/operator", label: "Operations" }] : []),
        ...(isDemo ? [{ href: "/dev/mail", label: "Mail (demo)" }] : []),
      ]
    : [
        { href: "/charters", label: "Public charters" },
        { href: "/verify", label: "Verify" },
      ];
  return (
    <>
      <SiteHeader links={links}>{person ? <Who person={person} /> : <a href="/signin">Sign in</a>}</SiteHeader>
      {isDemo ? (
        <aside
          aria-label="Demo world"
          className="no-print border-amber border-b bg-amber-wash px-4 py-1 text-center text-sm"
        >
          Demo world: every organization here is fictional, and nothing signed here has any meaning outside.
        </aside>
      ) : null}
      {person && !person.hasGivenName ? (
        <aside aria-label="Your name" className="no-print border-line border-b bg-wash px-4 py-1 text-center text-sm">
          Others read “{person.name}” beside your words. <a href="/account#name">Give your name</a>
        </aside>
      ) : null}
      {children}
      <SiteFooter>
        <span>Concordat keeps the texts, signatures and dates of charters so that anyone can check them.</span>
      </SiteFooter>
      <Toaster position="bottom-center" />
    </>
  );
}

function Who({ person }: { person: Person }) {
  const organizations = person.memberships.map((one) => ({ id: one.organizationId, name: one.displayName }));
  const current = organizations.find((one) => one.id === person.organizationId) ?? organizations[0];
  return (
    <div className="flex flex-wrap items-center gap-2">
      {current ? <OrganizationSwitch current={current} organizations={organizations} /> : null}
      <a
        href="/account"
        className="inline-flex min-h-9 items-center gap-2 rounded-sm px-2 text-ink text-sm no-underline hover:bg-wash"
      >
        <Monogram name={person.name || person.email} size="small" />
        <span className="max-w-40 truncate">{person.name || person.email}</span>
        <span className="sr-only">(your account)</span>
      </a>
      <SignOutForm>
        <button
          type="submit"
          className="min-h-9 rounded-sm px-2 text-muted text-sm underline-offset-4 hover:text-ink hover:underline"
        >
          Sign out
        </button>
      </SignOutForm>
    </div>
  );
}
