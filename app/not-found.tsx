import type { Metadata } from "next";
import { LinkButton } from "./_ui/button.tsx";
import { Page, PageHeader } from "./_ui/frame.tsx";
import { SiteHeader } from "./_ui/site-header.tsx";

export const metadata: Metadata = { title: "Nothing here", robots: { index: false } };

/** The answer at every address that shows nothing, whatever the reason. */
export default function NotFound() {
  return (
    <>
      <SiteHeader
        links={[
          { href: "/charters", label: "Charters" },
          { href: "/verify", label: "Verify" },
        ]}
      />
      <Page width="narrow">
        <PageHeader
          title="There is nothing at this address"
          lead="It may be mistyped, or you may have to sign in to see what is here."
        >
          <div className="flex flex-wrap gap-3">
            <LinkButton href="/charters">See the public charters</LinkButton>
            {/* Leads by the sign-in where nobody is signed in; the same page for everybody tells nobody anything. */}
            <LinkButton href="/home">Go to my charters</LinkButton>
          </div>
        </PageHeader>
      </Page>
    </>
  );
}
