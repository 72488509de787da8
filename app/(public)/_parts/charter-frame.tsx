import type { ReactNode } from "react";
import { PageHeader } from "#app/_ui/frame.tsx";
import type { PublicCharter } from "#lib/queries/public-charter.ts";
import { capital, plural } from "./words.ts";

type Place = "text" | "signatories" | "notifications" | "none";

/** The head of every page of a charter: its title, where it stands in one sentence, and its other pages. */
export function CharterHeader({
  charter,
  here,
  title,
  lead,
  children,
}: {
  charter: PublicCharter;
  here: Place;
  title?: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  const base = `/c/${charter.slug}`;
  const places: readonly (readonly [Place, string, string])[] = [
    ["text", base, "Text"],
    ["signatories", `${base}/signatories`, capital(plural(charter.policy.signatoryLabel))],
    ["notifications", `${base}/notifications`, "Notifications"],
  ];
  return (
    <>
      <PageHeader
        over={title ? <a href={base}>{charter.title}</a> : charter.displayType}
        title={title ?? charter.title}
        lead={lead ?? charter.current.status}
      >
        {children}
      </PageHeader>
      <nav aria-label="Pages of this charter" className="no-print -mt-4 mb-8 flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {places.map(([place, href, label]) => (
          <a
            key={place}
            href={href}
            {...(place === here ? { "aria-current": "page" as const } : {})}
            className="border-transparent border-b-2 py-1.5 text-muted no-underline hover:text-ink hover:underline aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-ink"
          >
            {label}
          </a>
        ))}
      </nav>
    </>
  );
}
