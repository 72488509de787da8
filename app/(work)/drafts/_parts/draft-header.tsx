import Link from "next/link";
import type { ReactNode } from "react";
import { classNames } from "#app/_ui/class-names.ts";
import { PageHeader } from "#app/_ui/frame.tsx";
import type { DraftHead } from "#lib/queries/draft-head.ts";

const pages = [
  { path: "", label: "Overview" },
  { path: "/edit", label: "Text" },
  { path: "/candidate", label: "Candidate" },
  { path: "/signing", label: "Signing" },
  { path: "/history", label: "History" },
  { path: "/compare", label: "Compare" },
  { path: "/people", label: "Organizations" },
  { path: "/policy", label: "Policy" },
] as const;

/** The head of every page of a draft: what it is, where it stands in one sentence, and the way to its other pages. */
export function DraftHeader({
  head,
  current,
  title,
  children,
}: {
  head: DraftHead;
  current: (typeof pages)[number]["path"];
  /** What this page shows of the charter; the overview has the charter's own title. */
  title?: string;
  children?: ReactNode;
}) {
  return (
    <>
      <PageHeader
        over={title ? <Link href={`/drafts/${head.charterId}`}>{head.title}</Link> : kindOf(head)}
        title={title ?? head.title}
        lead={head.sentence}
      >
        {children}
      </PageHeader>
      <DraftTabs charterId={head.charterId} current={current} />
    </>
  );
}

/** The way to the other pages of a draft. */
export function DraftTabs({ charterId, current }: { charterId: string; current: (typeof pages)[number]["path"] }) {
  return (
    <nav aria-label="Pages of this charter" className="no-print -mt-4 mb-8 border-line border-b">
      <ul className="-ms-3 flex flex-wrap gap-x-1 text-sm sm:ms-0">
        {pages.map((page) => {
          const isCurrent = page.path === current;
          return (
            <li key={page.path}>
              <Link
                href={`/drafts/${charterId}${page.path}`}
                aria-current={isCurrent ? "page" : undefined}
                className={classNames(
                  "inline-block whitespace-nowrap border-b-2 px-3 py-2 no-underline",
                  isCurrent ? "border-accent font-medium text-ink" : "border-transparent text-muted hover:text-ink",
                )}
              >
                {page.label}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function kindOf({ displayType, state }: DraftHead): string {
  return state === "ADOPTED" || state === "ABANDONED" ? displayType : `${displayType} in drafting`;
}
