import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** A set table with a caption; it scrolls sideways inside its own box on a narrow screen, reachable by keyboard. */
export function Table({
  caption,
  captionHidden = true,
  children,
}: {
  caption: string;
  captionHidden?: boolean;
  children: ReactNode;
}) {
  return (
    // "relative" keeps the hidden words of head cells inside the box; without it they widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
    <section className="relative overflow-x-auto" tabIndex={0} aria-label={caption}>
      <table className="w-full border-collapse text-start text-sm">
        <caption className={captionHidden ? "sr-only" : "pb-2 text-start text-muted"}>{caption}</caption>
        {children}
      </table>
    </section>
  );
}

export function HeadCell({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames("border-ink border-b px-3 py-2 text-start font-medium first:ps-0 last:pe-0", className)}
      {...rest}
    />
  );
}

export function RowHead({ className, ...rest }: ComponentProps<"th">) {
  return (
    <th
      scope="row"
      className={classNames("border-line border-b px-3 py-2.5 text-start align-top font-medium first:ps-0", className)}
      {...rest}
    />
  );
}

export function Cell({ className, ...rest }: ComponentProps<"td">) {
  return (
    <td
      className={classNames("border-line border-b px-3 py-2.5 align-top first:ps-0 last:pe-0", className)}
      {...rest}
    />
  );
}
