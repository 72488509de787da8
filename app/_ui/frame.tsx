import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** The column a page lives in. `wide` for tables and the editor, `narrow` for forms and the signing ceremony. */
export function Page({ width = "normal", children }: { width?: "narrow" | "normal" | "wide"; children: ReactNode }) {
  const widths = { narrow: "max-w-2xl", normal: "max-w-5xl", wide: "max-w-7xl" } as const;
  return (
    <main
      id="main"
      tabIndex={-1}
      className={classNames("mx-auto w-full grow px-4 pt-8 pb-20 outline-none sm:px-6", widths[width])}
    >
      {children}
    </main>
  );
}

/** The heading of a page: what this is, one sentence on where it stands, and what can be done here. */
export function PageHeader({
  over,
  title,
  lead,
  children,
}: {
  over?: ReactNode;
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <header className="mb-8 border-line border-b pb-6">
      {over ? <p className="mb-2 text-muted text-sm">{over}</p> : null}
      <h1 className="text-3xl sm:text-4xl">{title}</h1>
      {lead ? <div className="mt-3 max-w-prose text-lg text-muted">{lead}</div> : null}
      {children ? <div className="no-print mt-5 flex flex-wrap items-center gap-3">{children}</div> : null}
    </header>
  );
}

export function Section({
  title,
  lead,
  id,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  id?: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className="mt-10 first:mt-0">
      <h2 className="text-xl">{title}</h2>
      {lead ? <div className="mt-1 max-w-prose text-muted text-sm">{lead}</div> : null}
      <div className="mt-4">{children}</div>
    </section>
  );
}

const noticeTones = {
  plain: "border-line bg-wash",
  good: "border-accent bg-accent-wash",
  wait: "border-amber bg-amber-wash",
  problem: "border-red bg-red-wash",
} as const;
const noticeWords = { plain: "Note", good: "Done", wait: "Waiting", problem: "Problem" } as const;

/** Something the reader must know here: what happened, what was kept, what to do. Never by colour alone. */
export function Notice({
  tone = "plain",
  title,
  role,
  children,
}: {
  tone?: keyof typeof noticeTones;
  title?: string;
  role?: "status" | "alert";
  children?: ReactNode;
}) {
  return (
    <div role={role} className={classNames("rounded-sm border border-s-4 px-4 py-3", noticeTones[tone])}>
      <p className="font-medium">{title ?? noticeWords[tone]}</p>
      {children ? <div className="mt-1 text-sm">{children}</div> : null}
    </div>
  );
}

/** An empty place: one sentence and one button. */
export function EmptyState({ sentence, children }: { sentence: ReactNode; children?: ReactNode }) {
  return (
    <div className="rounded-sm border border-line border-dashed px-6 py-10 text-center">
      <p className="mx-auto max-w-prose text-muted">{sentence}</p>
      {children ? <div className="mt-4 flex justify-center">{children}</div> : null}
    </div>
  );
}

const chipTones = {
  plain: "border-line text-muted",
  good: "border-accent text-accent",
  wait: "border-amber text-amber",
  problem: "border-red text-red",
} as const;

/** A short state, always in words. */
export function Chip({ tone = "plain", children }: { tone?: keyof typeof chipTones; children: ReactNode }) {
  return (
    <span
      className={classNames(
        "inline-block whitespace-nowrap rounded-full border px-2.5 py-0.5 text-xs print:inline print:whitespace-normal print:border-0 print:p-0",
        chipTones[tone],
      )}
    >
      {children}
    </span>
  );
}

/** A set of terms and their values, hairlines between. */
export function Facts({ facts }: { facts: readonly (readonly [term: ReactNode, value: ReactNode])[] }) {
  return (
    <dl className="divide-y divide-line border-line border-y">
      {facts.map(([term, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: terms are fixed for the life of the list
        <div key={at} className="grid gap-1 py-2.5 sm:grid-cols-[12rem_1fr] sm:gap-4">
          <dt className="text-muted text-sm">{term}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
