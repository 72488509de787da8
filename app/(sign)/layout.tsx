import Link from "next/link";
import type { ReactNode } from "react";
import { SiteFooter } from "#app/_ui/site-header.tsx";
import { sharedSite } from "#lib/config/site.ts";

/** The ceremony stands alone: nothing competes with the text, and one link leads away from it. */
export default function SignLayout({ children }: { children: ReactNode }) {
  const { isDemo } = sharedSite();
  return (
    <>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50 focus:bg-sheet focus:px-3 focus:py-2"
      >
        Skip to the text
      </a>
      <header className="no-print border-line border-b">
        <div className="mx-auto flex max-w-2xl flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3 sm:px-6">
          <span className="font-semibold font-serif text-lg">Concordat</span>
          <Link href="/home" className="py-1 text-muted text-sm">
            Leave; nothing is signed
          </Link>
        </div>
      </header>
      {isDemo ? (
        <aside
          aria-label="Demo world"
          className="no-print border-amber border-b bg-amber-wash px-4 py-1 text-center text-sm"
        >
          Demo world: nothing signed here has any meaning outside.
        </aside>
      ) : null}
      {children}
      <SiteFooter>
        <span>
          An organization signs through an officer who may sign for it. The record names the office, not the person.
        </span>
      </SiteFooter>
    </>
  );
}
