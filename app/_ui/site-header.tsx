import Link from "next/link";
import type { ReactNode } from "react";

/** The head of every page: skip link, the name of the site, where one can go. */
export function SiteHeader({
  links,
  children,
}: {
  links: readonly { href: string; label: string }[];
  children?: ReactNode;
}) {
  return (
    <header className="no-print border-line border-b bg-paper">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:start-2 focus:top-2 focus:z-50 focus:bg-sheet focus:px-3 focus:py-2"
      >
        Skip to the text
      </a>
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-6 gap-y-1 px-4 py-3 sm:px-6">
        <Link href="/" className="font-serif font-semibold text-ink text-lg no-underline">
          Concordat
        </Link>
        <nav aria-label="Site" className="flex grow flex-wrap items-center gap-x-5 gap-y-1 text-sm">
          {links.map((link) => (
            <Link
              key={link.href}
              href={link.href}
              className="py-1 text-muted no-underline hover:text-ink hover:underline"
            >
              {link.label}
            </Link>
          ))}
        </nav>
        {children}
      </div>
    </header>
  );
}

/** The foot of every page. */
export function SiteFooter({ children }: { children?: ReactNode }) {
  return (
    <footer className="no-print border-line border-t">
      <div className="mx-auto flex max-w-7xl flex-wrap gap-x-6 gap-y-2 px-4 py-6 text-muted text-sm sm:px-6">
        {children}
      </div>
    </footer>
  );
}
