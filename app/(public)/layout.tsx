import type { ReactNode } from "react";
import { SiteFooter, SiteHeader } from "#app/_ui/site-header.tsx";
import { sharedSite } from "#lib/config/site.ts";

/** What surrounds every public page. It knows nothing of who reads: public pages are the same for everyone. */
export default function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PublicHeader />
      {children}
      <PublicFooter />
    </>
  );
}

function PublicHeader() {
  return (
    <>
      <SiteHeader
        links={[
          { href: "/charters", label: "Charters" },
          { href: "/verify", label: "Verify" },
        ]}
      >
        <a href="/signin" className="py-1 text-accent text-sm underline underline-offset-4">
          Sign in
        </a>
      </SiteHeader>
      {sharedSite().isDemo ? (
        <aside
          aria-label="Demo world"
          className="no-print border-amber border-b bg-amber-wash px-4 py-1 text-center text-sm"
        >
          Demo world: every organization here is fictional, and nothing signed here has any meaning outside.
        </aside>
      ) : null}
    </>
  );
}

function PublicFooter() {
  return (
    <SiteFooter>
      <span>The log of this record is not witnessed by anyone else yet.</span>
      <a href="/verify" className="underline underline-offset-4">
        What can be checked
      </a>
      <a href="/log/checkpoint" className="underline underline-offset-4">
        Checkpoint of the log
      </a>
      <a href="/api/v1/openapi.json" className="underline underline-offset-4">
        API
      </a>
      <span>Free software under the MIT license.</span>
    </SiteFooter>
  );
}
